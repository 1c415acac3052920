"""What a run tells: one frozen model per event, one JSON object per line. Version 1.

The engine announces these to whoever listens (a terminal, a language server, a CI job) and does not know who that is;
the journal is the same lines on disk. A reader must ignore fields and types that it does not know. Every event has
`type`, `seq` (rising by 1 within a run), `time` (seconds since the epoch) and `run`. `Progress` alone is not journaled.

The last event is always `finished`, or `failed` where the request could not be carried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from secant.models.contract import ModelCall
from secant.types import Evaluation, Evolution, SpeedUp, Usage

VERSION = 1


class _Event(BaseModel):
    # JSON has no infinity: as a string it can be read back, and other readers do not stumble.
    model_config = ConfigDict(frozen=True, defer_build=True, extra="ignore", ser_json_inf_nan="strings")

    seq: int = 0
    time: float = 0.0
    run: str = ""


class RunStarted(_Event):
    """A run begins (or goes on: `resumed`)."""

    type: Literal["run_started"] = "run_started"
    version: int = VERSION
    secant: str = ""
    kind: str = "function"
    target: str = ""
    optimizer: str = ""
    seed: int = 0
    request: Mapping[str, Any] = {}
    """The request as it was given, so that `resume` and `show` need nothing else."""
    resumed: bool = False


class TargetFound(_Event):
    """The text to be optimized was found."""

    type: Literal["target_found"] = "target_found"
    path: str
    name: str
    first_line: int
    last_line: int
    digest: str
    """SHA-256 of the file's bytes: a proposal is applied only to a file that still has it."""
    text: str = ""
    description: str = ""
    given: str = ""
    """A digest of what the text was measured against, where that stands in the same file: a solution's problem."""


class FoundTest(BaseModel):
    """A test of the function and how it was found."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: str
    why: str
    place: str = ""
    """`path:line`, where a case stands in a file of its own."""


class TestsFound(_Event):
    """Which cases will judge the candidates, and why these."""

    __test__ = False
    type: Literal["tests_found"] = "tests_found"
    tests: tuple[FoundTest, ...]
    searched: tuple[str, ...] = ()
    left_out: tuple[FoundTest, ...] = ()
    """Tests that do not reach the function or cannot judge it, each with the reason."""


class Baseline(_Event):
    """The seed's own results."""

    type: Literal["baseline"] = "baseline"
    goal: str
    passed: int
    total: int
    failed: tuple[str, ...] = ()
    seconds: float = 0.0
    path: str = ""
    """How candidates will be run: `swap`, `import` or `cold`, and why."""
    isolation: str = ""


class ProposedItem(BaseModel):
    """One candidate of a step."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: str
    parents: tuple[str, ...] = ()
    rationale: str = ""
    status: str = "ok"
    proposal: Mapping[str, Any] | None = None
    """The whole proposal where a model was paid for it; a rule's can be made again."""


class Proposed(_Event):
    """An optimizer's candidates of one step."""

    type: Literal["proposed"] = "proposed"
    step: int
    items: tuple[ProposedItem, ...]
    usage: Mapping[str, Usage] = {}
    """Spent so far in the whole run, by level."""


class Evaluated(_Event):
    """One artifact went through one stage. Details of the cases only where it went on or a model was paid for it."""

    type: Literal["evaluated"] = "evaluated"
    step: int
    artifact: str
    stage: str
    cases: str = ""
    """Digest of the ids of the cases asked: an artifact is not run twice in one stage on the same cases."""
    passed: int
    total: int
    mean: float = 0.0
    complete: bool = True
    rejected: bool = False
    evaluation: Evaluation | None = None
    proposal: Mapping[str, Any] | None = None
    """The whole proposal, once, where `evaluation` is given and `proposed` did not have it."""


class Survived(_Event):
    """An artifact passed every stage: its text, kept for the report, the alternatives and a resumed run."""

    type: Literal["survived"] = "survived"
    step: int
    proposal: Mapping[str, Any]


class Updated(_Event):
    """A step is over: the optimizer's state, from which a run resumes."""

    type: Literal["updated"] = "updated"
    step: int
    state: Mapping[str, Any]
    accepted: tuple[str, ...] = ()
    incumbent: str | None = None
    reason: str = ""
    drawn: int = 0
    """Cursor of the fit cases' sampler."""
    evolution: Evolution | None = None
    """How the step's version differs from the one before, where the optimizer measures that (`hessiangrad`)."""
    usage: Mapping[str, Usage] = {}
    """Spent so far in the whole run, by level."""


class Forecast(_Event):
    """What a run with a model will probably ask of it, told once before the first request. Caps end the run before."""

    type: Literal["forecast"] = "forecast"
    models: Mapping[str, str]
    """The model of each level that is asked."""
    calls: int
    tokens: int
    usd: float | None = None
    """None: a price is not known."""
    lent: int = 0
    """Of the calls, those to a model of the editor: requests of a plan, without a price."""
    most_calls: int | None = None
    most_usd: float | None = None


class ModelCalled(_Event):
    """A call of a model is over, answered or not. Journaled before its answer is used, so that none is paid twice."""

    type: Literal["model_called"] = "model_called"
    call: ModelCall


class Improved(_Event):
    """A new best."""

    type: Literal["improved"] = "improved"
    step: int
    artifact: str
    passed: int
    total: int
    speedup: SpeedUp | None = None
    rationale: str = ""


class Progress(_Event):
    """Where the run is, for a progress bar. Not journaled."""

    type: Literal["progress"] = "progress"
    phase: str
    message: str = ""
    evaluations: int = 0
    best: str = ""
    seconds: float = 0.0
    fraction: float | None = None
    usage: Mapping[str, Usage] = {}
    """Spent on models so far, by level; empty where there are none."""


class Notice(_Event):
    """Something the user should know, that does not end the run."""

    type: Literal["notice"] = "notice"
    level: Literal["info", "warning"] = "info"
    message: str
    hint: str = ""


class Confirmed(_Event):
    """A winner or alternative was verified independently (for a function: a cold test run on a copy)."""

    type: Literal["confirmed"] = "confirmed"
    artifact: str
    ok: bool
    passed: int
    total: int
    speedup: SpeedUp | None = None
    reason: str = ""
    evaluation: Evaluation | None = None


class TestCount(BaseModel):
    """Passed of total."""

    __test__ = False
    model_config = ConfigDict(frozen=True, defer_build=True)

    passed: int
    total: int


class Alternative(BaseModel):
    """Another confirmed candidate, and inputs on which it behaves otherwise than the winner."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    artifact: str
    source: str
    diff: str
    rationale: str = ""
    tests: TestCount
    speedup: SpeedUp | None = None
    differs: tuple[Mapping[str, str], ...] = ()
    """Each `{"call": …, "winner": …, "alternative": …}`."""


class Score(BaseModel):
    """A prompt on its cases, before and after; shares in [0, 1]. Without `after` nothing was compared."""

    model_config = ConfigDict(frozen=True, defer_build=True, ser_json_inf_nan="strings")

    metric: str
    split: str = "report"
    n: int
    before: float
    before_low: float = 0.0
    """The 95 % interval of `before`."""
    before_high: float = 1.0
    after: float | None = None
    after_low: float = 0.0
    after_high: float = 1.0
    low: float = 0.0
    """The 95 % interval of the paired difference."""
    high: float = 0.0
    p_value: float = 1.0
    fixed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    claimed: bool = False
    """The difference is told apart from noise by the paired test."""
    verdict: str = ""
    """A sentence: what may be said of it."""
    words_before: int = 0
    words_after: int = 0
    tokens_before: int = 0
    tokens_after: int = 0


class Finished(_Event):
    """The end of a run, and everything needed to show it, apply it or go on."""

    type: Literal["finished"] = "finished"
    outcome: Literal["improved", "unchanged", "scored", "failed", "stopped"]
    """`scored`: nothing was searched for; `score` says what was measured."""
    goal: str
    tests: TestCount
    speedup: SpeedUp | None = None
    artifact: str | None = None
    rationale: str = ""
    diff: str = ""
    source: str = ""
    alternatives: tuple[Alternative, ...] = ()
    evidence: tuple[str, ...] = ()
    """Sentences: what was checked and what was found."""
    evaluations: int = 0
    seconds: float = 0.0
    usage: Mapping[str, Usage] = {}
    reason: str = ""
    hint: str = ""
    """What else could be tried."""
    score: Score | None = None
    """Of a prompt: the held-out cases, read once."""
    applied: bool = False
    refused: str = ""
    """Why the result could not be written, where `--apply` asked for it: the file is not what was measured, say."""
    stopped: bool = False
    """The user ended the run before its end, whatever had been found: it can be gone on with."""


class Failed(_Event):
    """The request could not be carried out: what happened, where, what to do next."""

    type: Literal["failed"] = "failed"
    message: str
    where: str = ""
    hint: str = ""
    exit_code: int = 2


Event = Annotated[
    RunStarted
    | TargetFound
    | TestsFound
    | Baseline
    | Proposed
    | Evaluated
    | Survived
    | Updated
    | Forecast
    | ModelCalled
    | Improved
    | Progress
    | Notice
    | Confirmed
    | Finished
    | Failed,
    Field(discriminator="type"),
]

_ADAPTER: TypeAdapter[Event] = TypeAdapter(Event, config=ConfigDict(defer_build=True))


def parse(line: str | bytes) -> Event:
    """Read one line. Raises pydantic.ValidationError for anything that is not an event of this version."""
    return _ADAPTER.validate_json(line)


def dump(event: Event) -> str:
    """One line, without the line end."""
    return event.model_dump_json()
