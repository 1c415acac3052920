"""What a request to a model costs in CPU: through Secant, with budget, cache, ledger and journal, and without it.

Each way has a process of its own on one core, and they take turns, so that all see the same machine. Only CPU of that
process counts; the model server has its own. No two requests are the same, so nothing is answered by the cache.

    python -m benchmarks.model_calls [--limit ROUNDS] [--json FILE]
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks import _support
from benchmarks._support import ROOT, Frozen, Table, median, number
from benchmarks.machine_run import KEY_VARIABLE, cores
from benchmarks.model_server import Script, serving
from secant.budget import Budget, Limits
from secant.events import ModelCalled
from secant.journal import Recorder, RunStore, new_run_id
from secant.models.contract import ModelSettings

ROUNDS = 7
KEY = "a-key-for-nobody"
SYSTEM = "You improve one text step by step. Each version that you write is measured.\n" * 4
PROMPT = "def f(values):\n    total = 0\n    for value in values:\n        total += value\n    return total\n" * 30
GOAL = 2.0
WAYS: Mapping[str, tuple[str, str]] = {
    "aiohttp": ("aiohttp alone", "openai/scripted"),
    "litellm": ("litellm alone, openai/", "openai/scripted"),
    "secant": ("Secant, openai/", "openai/scripted"),
    "litellm-translated": ("litellm alone, deepseek/", "deepseek/scripted"),
    "secant-translated": ("Secant through litellm, deepseek/", "deepseek/scripted"),
}
"""What the table says of a way, and the name of its model: litellm has code of its own for each provider."""
BESIDE: Mapping[str, str] = {"secant": "litellm", "secant-translated": "litellm-translated"}
"""Whom the goal compares with whom."""


class Mode(Frozen):
    """How requests are sent."""

    name: str
    seconds: float
    """Until the server answers."""
    batches: int
    together: int
    """Requests at once in each batch."""

    @property
    def requests(self) -> int:
        return self.batches * self.together


MODES = (
    Mode(name="one by one", seconds=0.0, batches=40, together=1),
    Mode(name="8 at once", seconds=0.0, batches=8, together=8),
    Mode(name="one by one, 300 ms each", seconds=0.3, batches=5, together=1),
)


class Row(Frozen):
    """One way in one mode, one round; milliseconds for a request."""

    way: str
    mode: str
    cpu: float
    wall: float


class Caller:
    """A process that sends requests one way when told to."""

    def __init__(self, way: str, address: str, core: int) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.way = way
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.model_calls", "--child", way, address, str(core)],
            cwd=ROOT,
            env={**environment, KEY_VARIABLE: KEY, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, mode: Mode) -> Row:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(mode.model_dump_json() + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.way} ended with {self._process.wait()}")
        cpu, wall = json.loads(answer)
        return Row(way=self.way, mode=mode.name, cpu=1000 * cpu / mode.requests, wall=1000 * wall / mode.requests)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def measure(rounds: int, ours: int, theirs: int) -> list[Row]:
    """All ways in turn, in each mode; the first round of each warms it up."""
    rows: list[Row] = []
    with ExitStack() as stack:
        server = stack.enter_context(serving(theirs))
        for mode in MODES:
            with ExitStack() as callers:
                address = server.session(Script(seconds=mode.seconds, critique=PROMPT[:600])).base_url
                ways = [Caller(way, address, ours) for way in WAYS]
                for each in ways:
                    callers.callback(each.close)
                for number_ in range(rounds + 1):
                    found = [each.send(mode) for each in ways]
                    rows += found if number_ else []
    return rows


def tables(rows: Sequence[Row]) -> list[Table]:
    lines: list[tuple[str, ...]] = []
    for mode in MODES:
        cpu = {way: [r.cpu for r in rows if (r.way, r.mode) == (way, mode.name)] for way in WAYS}
        for way, (name, _) in WAYS.items():
            beside = BESIDE.get(way)
            ratio = "" if beside is None else number(median(cpu[way]) / median(cpu[beside]), 2)
            lines.append((mode.name, name, number(min(cpu[way]), 2), number(median(cpu[way]), 2), ratio))
    columns = ("requests", "way", "least CPU ms", "median CPU ms", "times litellm")
    return [Table(title=f"CPU of a request (goal: {GOAL:g}x litellm's)", columns=columns, rows=tuple(lines))]


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
        return
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    rows = measure(options.limit or ROUNDS, *cores())
    made = tables(rows)
    result = _support.figures(
        "model_calls",
        options,
        before,
        summary={f"{line[1]}, {line[0]}: times litellm": line[4] for line in made[0].rows if line[4]} | {"goal": GOAL},
        tables=made,
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


# ---- the child's side ------------------------------------------------------------------------------------------------

Send = Callable[[Sequence[Sequence[Mapping[str, str]]]], object]
"""Sends all of a batch at once and waits for the answers."""


def child(way: str, address: str, core: str) -> None:
    """For each mode on stdin: CPU and wall seconds of its requests."""
    os.sched_setaffinity(0, {int(core)})
    answers = os.dup(1)
    os.dup2(2, 1)  # litellm prints
    numbers = count()
    with OPENERS[way](WAYS[way][1], address) as send:
        for line in sys.stdin:
            mode = Mode.model_validate_json(line)
            batches = [[_messages(next(numbers)) for _ in range(mode.together)] for _ in range(mode.batches)]
            cpu, wall = time.process_time(), time.perf_counter()
            for batch in batches:
                send(batch)
            spent = [time.process_time() - cpu, time.perf_counter() - wall]
            os.write(answers, json.dumps(spent).encode() + b"\n")


def _messages(number_: int) -> Sequence[Mapping[str, str]]:
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": f"Version {number_}.\n{PROMPT}"}]


@contextmanager
def through_secant(model: str, address: str) -> Generator[Send]:
    """The gateway as a run has it: a capped budget, the cache's file, the journal."""
    from secant.models.cache import ResponseCache  # noqa: PLC0415 - the other ways load none of it
    from secant.models.gateway import Gateway  # noqa: PLC0415
    from secant.models.providers import Providers  # noqa: PLC0415

    settings = ModelSettings(model=model, base_url=address, key_variable=KEY_VARIABLE)
    with tempfile.TemporaryDirectory() as folder:
        run, store = new_run_id(), RunStore(Path(folder))
        recorder = Recorder(run, store.create(run))
        cache = ResponseCache(Path(folder) / "answers.sqlite3")
        with Gateway(
            {"optimizer": settings},
            Providers(os.environ),
            budget=Budget(Limits(calls=1_000_000, tokens=1_000_000_000)),
            record=lambda call: recorder.record(ModelCalled(call=call)),
            cache=cache,
            seed=0,
        ) as gateway:
            steps = count()

            def send(batch: Sequence[Sequence[Mapping[str, str]]]) -> object:
                found = gateway.within(f"{next(steps)}/propose").complete_many("optimizer", batch, purpose="update")
                assert all(completion.finish == "stop" for completion in found), found
                return found

            yield send
        cache.close()
        recorder.close()


@contextmanager
def through_litellm(model: str, address: str) -> Generator[Send]:
    import litellm  # noqa: PLC0415 - the other ways do without it

    asked: Any = litellm.acompletion

    async def one(messages: Sequence[Mapping[str, str]]) -> str:
        answer = await asked(model=model, messages=messages, api_base=address, api_key=KEY, max_tokens=4096)
        return answer.choices[0].message.content

    with asyncio.Runner() as runner:
        yield lambda batch: runner.run(_all(one, batch))


@contextmanager
def through_aiohttp(model: str, address: str) -> Generator[Send]:
    import aiohttp  # noqa: PLC0415 - the other ways load it when they want

    sessions: list[aiohttp.ClientSession] = []

    async def one(messages: Sequence[Mapping[str, str]]) -> str:
        if not sessions:
            sessions.append(aiohttp.ClientSession())
        body = json.dumps({"model": model, "messages": messages, "max_tokens": 4096}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
        async with sessions[0].post(f"{address}/chat/completions", data=body, headers=headers) as response:
            return json.loads(await response.read())["choices"][0]["message"]["content"]

    with asyncio.Runner() as runner:
        yield lambda batch: runner.run(_all(one, batch))
        for session in sessions:
            runner.run(session.close())


async def _all(one: Callable[[Any], Any], batch: Sequence[Any]) -> Sequence[str]:
    return await asyncio.gather(*map(one, batch))


OPENERS: Mapping[str, Callable[[str, str], Any]] = {
    "aiohttp": through_aiohttp,
    "litellm": through_litellm,
    "secant": through_secant,
    "litellm-translated": through_litellm,
    "secant-translated": through_secant,
}


if __name__ == "__main__":
    main()
