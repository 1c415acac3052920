"""What a step of each prompt optimizer asks, beside its formula, and what it costs besides the model.

A model within this process answers at once: each answer is the prompt it was given with a word changed, so no optimizer
has a reason to ask again. Calls and tokens are those that the budget was charged, through the real gateway; a token is
four characters. Time is that of the driver, the optimizer and the journal, with a model that is asked directly, without
what the answers and the verdicts on them took.

    python -m benchmarks.optimizer_steps [--limit STEPS] [--json FILE]
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import _support
from benchmarks._support import Frozen, Table, median, number
from secant.budget import Budget
from secant.driver import Driver, Stopping
from secant.events import Event, ModelCalled, Proposed, Updated
from secant.journal import Recorder, RunStore, new_run_id
from secant.models.cache import ResponseCache
from secant.models.contract import AnswerText, Message, ModelAnswer, ModelRequest, ModelSettings, Price
from secant.models.gateway import Gateway
from secant.models.tokens import prompt_bound
from secant.optimizer import Answered, Completion, LanguageModel, Optimizer, StepAsking
from secant.optimizers.ape import APEOptimizer
from secant.optimizers.mipro import MIPROOptimizer
from secant.optimizers.protegi import ProTeGiOptimizer
from secant.registry import Registry
from secant.types import Artifact, Case, CaseResult, Evaluation, Level, Part, Split, Task, Usage

STEPS = 12
ROUNDS = 5
"""All optimizers in turn, so often; of each the quietest round counts: what else a machine does only adds."""
LATE = 100
"""Steps of a long run, whose last are timed as well: earlier prompts become many."""
CASES = 24
"""In each of the two splits."""
GOAL_MS = 5.0
CHARACTERS_PER_TOKEN = 4
OPTIMIZERS = ("gpo", "opro", "ape", "protegi", "mipro", "gepa", "hessiangrad", "textgrad")
PROMPT = (
    "You route the tickets of a shop to the people who can do something about them. Read the ticket once to its end "
    "before you decide. Answer with exactly one label, in lower case and without a full stop: billing where money was "
    "taken or is owed, delivery where something has not come, returns where something came broken or is not wanted, "
    "account where somebody cannot sign in, other where none of these fits."
)
SEED = Artifact(kind="prompt", parts=(Part(name="prompt", text=PROMPT, role="It is the system message of a prompt."),))
LABELS = ("billing", "delivery", "returns", "account", "other")
TASK = Task(
    kind="prompt",
    goal="raise the score on held-out cases",
    facts={"judged": "The answer has to be the expected label.", "usage": "It is the system message."},
)
TAG = re.compile(r"<IMPROVED(\w*)>")


class Row(Frozen):
    """One step of one optimizer; step 0 is what it does before the first."""

    optimizer: str
    step: int
    calls: int
    """That were paid."""
    asked: int
    """Answers that were asked for."""
    prompt_tokens: int
    completion_tokens: int
    milliseconds: float = 0.0
    """Of the engine alone."""
    cpu_milliseconds: float = 0.0
    proposing_milliseconds: float = 0.0
    """Of them until the step's candidates are known: requests, replies, probes."""


class Times(NamedTuple):
    """Seconds by the clock, and of CPU."""

    wall: float = 0.0
    cpu: float = 0.0

    @classmethod
    def now(cls) -> Times:
        return cls(time.perf_counter(), time.process_time())

    def since(self, other: Times) -> Times:
        return Times(self.wall - other.wall, self.cpu - other.cpu)


class Watch:
    """Adds up what somebody takes, and takes little itself: it is read hundreds of times in a step."""

    def __init__(self) -> None:
        self.wall = 0.0
        self.cpu = 0.0

    def __enter__(self) -> None:
        self.wall -= time.perf_counter()
        self.cpu -= time.process_time()

    def __exit__(self, *error: object) -> None:
        self.cpu += time.process_time()
        self.wall += time.perf_counter()


class Answering:
    """Answers requests at once. Each version is the first with another last word."""

    def __init__(self) -> None:
        self.given = 0
        self.used = Watch()

    def text(self, prompt: str) -> str:
        self.given += 1
        tag = TAG.search(prompt)
        if tag is None:
            return "Tickets that name money and a parcel alike are sent to delivery, where they belong to billing."
        note = f"<NOTE{tag[1]}>\nanother last word\n</NOTE{tag[1]}>\n"
        return f"{note}<IMPROVED{tag[1]}>\n{PROMPT} Version {self.given}.\n</IMPROVED{tag[1]}>"


class Direct(Answering):
    """Implements `optimizer.LanguageModel`, and knows how long it took."""

    def within(self, scope: str) -> Direct:
        return self

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        with self.used:
            prompt = messages[-1]["content"]
            return [Completion(id=str(self.given), text=self.text(prompt)) for _ in range(n)]

    def complete_many(
        self,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        return [self.complete(level, messages)[0] for messages in batches]


class Instant(Answering):
    """Implements `models.contract.Provider`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def __call__(self, settings: ModelSettings) -> Instant:
        return self

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        self.asked += request.n
        texts = [self.text(request.messages[-1].content) for _ in range(request.n)]
        usage = Usage(
            calls=request.n,
            prompt_tokens=sum(_tokens(m.content) for m in request.messages),
            completion_tokens=sum(map(_tokens, texts)),
            usd=0.0,
        )
        return ModelAnswer(texts=tuple(AnswerText(text=text) for text in texts), usage=usage)

    def price(self, settings: ModelSettings) -> Price | None:
        return None

    def count_tokens(self, settings: ModelSettings, messages: Sequence[Message]) -> int:
        return prompt_bound(messages)


def _tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)


class Judging:
    """Half of the cases pass, which half is drawn for each version. Knows how long it took."""

    def __init__(self) -> None:
        self.used = Watch()
        self._cases = {split: [_case(split, n) for n in range(CASES)] for split in ("fit", "select")}

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        return {"fit": self._cases["fit"], "select": self._cases["select"]}

    def baseline(self) -> Evaluation:
        return self._judged(SEED, "baseline", [case.id for case in self._cases["select"]])

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        for artifact in artifacts:
            yield self._judged(artifact, stage, case_ids)

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        return self._judged(artifact, "confirm", [case.id for case in self._cases["select"]])

    def _judged(self, artifact: Artifact, stage: str, case_ids: Sequence[str]) -> Evaluation:
        with self.used:
            results = tuple(_result(artifact.id, identity) for identity in case_ids)
            return Evaluation(artifact_id=artifact.id, stage=stage, results=results)


def _case(split: str, number_: int) -> Case:
    text = f"Ticket {number_}: I was charged twice for the order that did not come, and nobody answers the telephone."
    return Case(id=f"{split}-{number_}", input={"input": text}, expected=LABELS[number_ % len(LABELS)])


def _result(artifact: str, case: str) -> CaseResult:
    draw = int.from_bytes(hashlib.blake2b(f"{artifact}/{case}".encode(), digest_size=4).digest())
    expected, said = LABELS[int(case.rpartition("-")[2]) % len(LABELS)], LABELS[draw // 2 % len(LABELS)]
    if draw % 2:
        return CaseResult(case_id=case, score=1.0, output=expected)
    return CaseResult(case_id=case, score=0.0, output=said, feedback=f"expected {expected}, the answer is {said}")


class Charged:
    """Hears of a run and keeps what the models were paid in each step."""

    def __init__(self, asked: Callable[[], int]) -> None:
        self.steps: list[tuple[Usage, int]] = []
        self._asked = asked
        self._before = 0
        self._open = Usage()

    def __call__(self, event: Event) -> None:
        if isinstance(event, ModelCalled):
            self._open = self._open + event.call.usage
        elif isinstance(event, Updated):
            asked = self._asked()
            self.steps.append((self._open, asked - self._before))
            self._open, self._before = Usage(), asked


class Step(NamedTuple):
    """What a step took."""

    whole: Times
    proposing: Times
    """Until its candidates were journaled."""


class Timed:
    """Hears of a run and keeps what each step took, without those who answer and judge."""

    def __init__(self, others: Callable[[], Times]) -> None:
        self.steps: list[Step] = []
        self._others = others
        self._before = self._proposed = Times.now()

    def __call__(self, event: Event) -> None:
        if isinstance(event, Proposed):
            self._proposed = Times.now().since(self._others())
        elif isinstance(event, Updated):
            own = Times.now().since(self._others())
            self.steps.append(Step(own.since(self._before), self._proposed.since(self._before)))
            self._before = self._proposed = own


def counted(name: str, steps: int) -> list[Row]:
    """What each step asks and pays."""
    provider = Instant()
    heard = Charged(lambda: provider.asked)
    with tempfile.TemporaryDirectory() as folder:
        run, store, budget = new_run_id(), RunStore(Path(folder)), Budget()
        recorder = Recorder(run, store.create(run), [heard])
        cache = ResponseCache(Path(folder) / "answers.sqlite3")
        with Gateway(
            {"optimizer": ModelSettings(model="instant")},
            provider,
            budget=budget,
            record=lambda call: recorder.record(ModelCalled(call=call)),
            cache=cache,
            seed=0,
            environ={},
        ) as gateway:
            _drive(Registry().create(name), Judging(), recorder, budget, gateway, steps)
        cache.close()
        recorder.close()
    paid = sum(usage.calls for usage in budget.usage.values())
    if paid != provider.asked:
        raise RuntimeError(f"{name}: {provider.asked} answers were asked for and {paid} paid")
    return [
        Row(
            optimizer=name,
            step=step,
            calls=usage.calls,
            asked=asked,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
        )
        for step, (usage, asked) in enumerate(heard.steps)
    ]


def timed(name: str, steps: int) -> list[Step]:
    """What each step took."""
    model, judging = Direct(), Judging()
    heard = Timed(lambda: Times(model.used.wall + judging.used.wall, model.used.cpu + judging.used.cpu))
    with tempfile.TemporaryDirectory() as folder:
        run, store = new_run_id(), RunStore(Path(folder))
        recorder = Recorder(run, store.create(run), [heard])
        _drive(Registry().create(name), judging, recorder, Budget(), model, steps)
        recorder.close()
    return heard.steps


def _drive(
    optimizer: Optimizer, judging: Judging, recorder: Recorder, budget: Budget, lm: LanguageModel, steps: int
) -> None:
    stopping = Stopping(steps=steps)
    Driver(optimizer, judging, TASK, SEED, recorder=recorder, budget=budget, lm=lm, stopping=stopping).run()


class Formula(NamedTuple):
    """The calls of one kind of step."""

    when: str
    words: str
    calls: int
    holds: Callable[[int], bool]
    """For which steps."""


def formulas(optimizer: Optimizer) -> Sequence[Formula]:
    """As algorithms.md has them (2.8, 5.1 to 5.3, 5.6), with this optimizer's own numbers."""
    match optimizer:
        case APEOptimizer():
            knobs = optimizer.spec.knobs
            first, later = knobs.demonstration_sets * knobs.samples, knobs.keep * knobs.variations
            return [
                Formula("first step", "sets of demonstrations x samples", first, lambda step: step == 1),
                Formula("later", "survivors x variations", later, lambda step: step > 1),
            ]
        case ProTeGiOptimizer():
            k = optimizer.spec.knobs
            each = k.groups * k.reasons + k.written + k.reworded
            words = "(groups x reasons x (1 + edits) + paraphrases up to the successors)"
            return [
                Formula("first step", words, each, lambda step: step == 1),
                Formula("later", f"beam x {words}", k.beam * each, lambda step: step > 1),
            ]
        case MIPROOptimizer():
            asked = 2 + optimizer.spec.knobs.instructions
            return [
                Formula("before the first step", "two descriptions + instructions", asked, lambda step: step == 0),
                Formula("every step", "trials ask nothing", 0, lambda step: step > 0),
            ]
        case StepAsking():
            calls = optimizer.step_calls(TASK)
            words = "versions + critique" if calls.critiques else "versions"
            return [Formula("every step", words, calls.versions + calls.critiques, lambda step: step > 0)]
        case _:
            raise TypeError(f"{optimizer.name} has no formula")


def of_calls(rows: Sequence[Row]) -> Table:
    lines: list[tuple[str, ...]] = []
    for name in OPTIMIZERS:
        for formula in formulas(Registry().create(name)):
            of = [row for row in rows if row.optimizer == name and formula.holds(row.step)]
            spread = sorted({row.calls for row in of})
            lines.append(
                (
                    name,
                    formula.when,
                    formula.words,
                    str(formula.calls),
                    str(len(of)),
                    " to ".join(str(n) for n in dict.fromkeys((spread[0], spread[-1]))) if spread else "-",
                    number(median([row.prompt_tokens for row in of]), 0),
                    number(median([row.completion_tokens for row in of]), 0),
                )
            )
    columns = (
        "optimizer",
        "when",
        "formula",
        "calls",
        "steps",
        "calls that were paid",
        "prompt tokens",
        "answer tokens",
    )
    return Table(title="Calls and tokens of a step, beside the formula", columns=columns, rows=tuple(lines))


def of_time(rows: Sequence[Row], late: Mapping[str, float | None]) -> Table:
    """`late`: milliseconds of a step at the end of a long run, None where an optimizer ends before."""
    lines: list[tuple[str, ...]] = []
    for name in OPTIMIZERS:
        of = [row for row in rows if row.optimizer == name and row.step > 0]
        lines.append(
            (
                name,
                number(median([row.asked for row in of]), 0),
                number(median([row.cpu_milliseconds for row in of]), 2),
                number(median([row.milliseconds for row in of]), 2),
                number(max(row.milliseconds for row in of), 2),
                number(median([row.proposing_milliseconds for row in of]), 2),
                number(median([row.milliseconds - row.proposing_milliseconds for row in of]), 2),
                "-" if (ms := late[name]) is None else number(ms, 2),
            )
        )
    columns = (
        "optimizer",
        "answers asked for",
        "median CPU ms",
        "median ms",
        "most ms",
        "of it to propose",
        "of it to measure and choose",
        f"median ms near step {LATE}",
    )
    title = f"A step besides model and verdicts (goal: at most {GOAL_MS:g} ms)"
    return Table(title=title, columns=columns, rows=tuple(lines))


def late(name: str, steps: int) -> float | None:
    """Milliseconds of a step at the end of a run of `steps`; None where it ends before."""
    took = timed(name, steps)
    return 1000 * _wall(took[-STEPS:]) if len(took) > steps else None


def _wall(took: Sequence[Step]) -> float:
    return median([step.whole.wall for step in took])


def quietest(steps: int, rounds: int) -> Mapping[str, Sequence[Step]]:
    """What each step of each optimizer took, in the round in which the others on the machine took least."""
    found: dict[str, Sequence[Step]] = {}
    for _ in range(rounds):
        for name in OPTIMIZERS:
            took = timed(name, steps)
            if name not in found or _wall(took[1:]) < _wall(found[name][1:]):
                found[name] = took
    return found


def main() -> None:
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    steps = options.limit or STEPS
    whole = options.limit is None
    rows: list[Row] = []
    quietest(1, 1)  # imports, and the templates are read
    found = quietest(steps, ROUNDS if whole else 1)
    for name in OPTIMIZERS:
        for row, took in zip(counted(name, steps), found[name], strict=True):
            milliseconds = {
                "milliseconds": 1000 * took.whole.wall,
                "cpu_milliseconds": 1000 * took.whole.cpu,
                "proposing_milliseconds": 1000 * took.proposing.wall,
            }
            rows.append(row.model_copy(update=milliseconds))
    runs = {name: [late(name, LATE if whole else steps) for _ in range(ROUNDS if whole else 1)] for name in OPTIMIZERS}
    long = {name: min((ms for ms in times if ms is not None), default=None) for name, times in runs.items()}
    calls, times = of_calls(rows), of_time(rows, long)
    result = _support.figures(
        "optimizer_steps",
        options,
        before,
        summary={line[0]: line[2] for line in times.rows} | {"goal_ms": GOAL_MS},
        tables=[calls, times],
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
