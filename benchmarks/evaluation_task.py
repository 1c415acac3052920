"""One prompt on many cases as users of aiohttp, litellm, dspy and gepa write it, under a Python without our packages.

All send the same two messages for a case, at most so many at once, and count the answers that contain what is
expected. What is timed begins when everything is imported and one request was answered.

    python evaluation_task.py WAY ADDRESS CASES AT-ONCE CORE
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

KEY = "a-key-for-nobody"
MODEL = "openai/gpt-4o-mini"
"""A name that litellm has a price for: it is slower with one that it does not know."""
EXPECTED = "billing"
ANSWER = f"[[ ## answer ## ]]\n{EXPECTED}\n\n[[ ## completed ## ]]"
"""In the form that `dspy.Predict` wants it; the others do not care."""
PROMPT = (
    "You route tickets of a shop's support. Answer with one label: billing, delivery, returns, account or other.\n"
    "A ticket that names several things goes where the customer waits for money. Orders that did not come are "
    "delivery, even where they were paid; what came broken is returns. When in doubt, say other."
)


def ticket(number):
    """The text of a case; no two are the same."""
    return (
        f"Ticket {number}: I was charged twice for order {7919 * number % 100000}, once when I ordered and again when "
        "it was sent. The second amount is not the one on the invoice, and nobody answers on the telephone. "
        "Please give one of the two back, and tell me which of the invoices counts."
    )


def messages(number):
    return [{"role": "system", "content": PROMPT}, {"role": "user", "content": ticket(number)}]


def peak_mb():
    """The most that this process had in memory."""
    fields = Path("/proc/self/status").read_text(encoding="ascii").partition("VmHWM:")[2].split()
    return int(fields[0]) / 1024


class Clock:
    """Seconds and CPU seconds since it was made, and how much memory more."""

    def __init__(self):
        self._memory = peak_mb()
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def told(self, passed):
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        peak = peak_mb()
        return {"seconds": wall, "cpu_seconds": cpu, "peak_mb": peak, "more_mb": peak - self._memory, "passed": passed}


def with_aiohttp(address, cases, at_once):
    """The least that it can cost: one session, a semaphore, JSON."""
    import aiohttp  # noqa: PLC0415 - the other ways do without it

    async def run():
        free = asyncio.Semaphore(at_once)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}

        async def one(number):
            body = json.dumps({"model": MODEL, "messages": messages(number), "max_tokens": 4096}).encode()
            async with free, session.post(f"{address}/chat/completions", data=body, headers=headers) as response:
                return EXPECTED in json.loads(await response.read())["choices"][0]["message"]["content"]

        connector = aiohttp.TCPConnector(limit=at_once)
        async with aiohttp.ClientSession(connector=connector) as session:
            await one(cases)
            clock = Clock()
            return clock.told(sum(await asyncio.gather(*map(one, range(cases)))))

    return asyncio.run(run())


def with_litellm(address, cases, at_once):
    import litellm  # noqa: PLC0415 - the other ways do without it

    async def run():
        free = asyncio.Semaphore(at_once)

        async def one(number):
            async with free:
                answer = await litellm.acompletion(
                    model=MODEL, messages=messages(number), api_base=address, api_key=KEY, max_tokens=4096
                )
            return EXPECTED in answer.choices[0].message.content

        await one(cases)
        clock = Clock()
        return clock.told(sum(await asyncio.gather(*map(one, range(cases)))))

    return asyncio.run(run())


def with_dspy(address, cases, at_once, *, predict):
    import dspy  # noqa: PLC0415 - the other ways do without it

    model = dspy.LM(MODEL, api_base=address, api_key=KEY, cache=False, max_tokens=4096)
    dspy.configure(lm=model)

    class Asking(dspy.Module):
        """The messages as they are, past dspy's own way of putting a prompt."""

        def forward(self, number):
            return dspy.Prediction(answer=model(messages=messages(number))[0])

    class Predicting(dspy.Module):
        """As most write it: a signature with the prompt as its instructions."""

        def __init__(self):
            super().__init__()
            self.predict = dspy.Predict(dspy.Signature("ticket -> answer", PROMPT))

        def forward(self, number):
            return self.predict(ticket=ticket(number))

    def metric(example, prediction, trace=None):
        return float(EXPECTED in prediction.answer)

    program = Predicting() if predict else Asking()
    devset = [dspy.Example(number=number, answer=EXPECTED).with_inputs("number") for number in range(cases)]
    assert metric(devset[0], program(number=cases)) == 1.0
    clock = Clock()
    evaluate = dspy.Evaluate(devset=devset, metric=metric, num_threads=at_once, display_progress=False)
    return clock.told(round(evaluate(program).score * cases / 100))


def with_gepa(address, cases, at_once):
    from gepa.adapters.default_adapter.default_adapter import DefaultAdapter  # noqa: PLC0415 - the other ways do without it

    adapter = DefaultAdapter(
        MODEL,
        max_litellm_workers=at_once,
        litellm_batch_completion_kwargs={"api_base": address, "api_key": KEY, "max_tokens": 4096},
    )
    batch = [{"input": ticket(number), "additional_context": {}, "answer": EXPECTED} for number in range(cases + 1)]
    adapter.evaluate(batch[cases:], {"prompt": PROMPT})
    clock = Clock()
    return clock.told(round(sum(adapter.evaluate(batch[:cases], {"prompt": PROMPT}).scores)))


WAYS = {
    "aiohttp": with_aiohttp,
    "litellm": with_litellm,
    "dspy": lambda *asked: with_dspy(*asked, predict=False),
    "dspy-predict": lambda *asked: with_dspy(*asked, predict=True),
    "gepa": with_gepa,
}


def main(way, address, cases, at_once, core):
    os.sched_setaffinity(0, {int(core)})
    answers = os.dup(1)
    os.dup2(2, 1)  # some of them print
    told = WAYS[way](address, int(cases), int(at_once))
    os.write(answers, json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:6])
