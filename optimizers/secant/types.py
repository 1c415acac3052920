"""The values that every room speaks in: artifacts, cases, evaluations, proposals, usage.

Frozen pydantic models and nothing else: no behaviour that reads a file, runs a program or knows who is listening.
Names follow the literature: an *artifact* is the text that is optimized, a *case* is one test or one data row, an
*evaluation* is an artifact's results on named cases, a *critique* is a textual gradient.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, JsonValue

Kind = Literal["function", "prompt", "solution", "program", "optimizer"]
Split = Literal["fit", "select", "report"]
ErrorKind = Literal["none", "timeout", "crash", "parse", "refusal", "model"]
Level = Literal["program", "optimizer", "meta"]
Regime = Literal["stagnating", "oscillating", "regressing", "progressing"]
"""How a path of versions moves, see search.evolution."""
ProposalStatus = Literal["ok", "unparsable", "duplicate", "constraint", "noop", "rejected"]


class Frozen(BaseModel):
    """A value: immutable, strict about unknown fields, equal by content. Not a number is written as a string."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings", defer_build=True)


class Usage(Frozen):
    """What one model level spent. `usd` is None where the price is not known, which is never the same as 0."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float | None = 0.0
    seconds: float = 0.0
    lent: int = 0
    """Of the calls, those that went to a model of the user's editor: requests of a plan, without a price."""
    unbilled: int = 0
    """Of the calls, those of which no reply said what they took: their tokens and dollars are the most they can be."""
    unbilled_usd: float = 0.0
    """Of `usd`, what stands for those: an upper bound, where the rest is measured."""

    def __add__(self, other: Usage) -> Usage:
        usd = None if self.usd is None or other.usd is None else self.usd + other.usd
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            usd=usd,
            seconds=self.seconds + other.seconds,
            lent=self.lent + other.lent,
            unbilled=self.unbilled + other.unbilled,
            unbilled_usd=self.unbilled_usd + other.unbilled_usd,
        )


class Part(Frozen):
    """One named text of an artifact. A function or a prompt is one part, a program many."""

    name: str
    text: str
    role: str = ""
    editable: bool = True
    constraints: tuple[str, ...] = ()
    must_keep: tuple[str, ...] = ()
    """Substrings that a new text may not lose: placeholders, a signature."""


class Artifact(Frozen):
    """What is optimized: named parts in order. Two artifacts with the same names and texts are the same artifact."""

    kind: Kind = "function"
    parts: tuple[Part, ...]

    @cached_property
    def id(self) -> str:
        """Stable hash (16 hex digits) of the parts' names and texts, the same under every PYTHONHASHSEED."""
        canonical = json.dumps([[part.name, part.text] for part in self.parts], ensure_ascii=False)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def text(self) -> str:
        """The text of an artifact with one part. Raises ValueError for several: ask for them by name."""
        if len(self.parts) != 1:
            raise ValueError(f"the artifact has {len(self.parts)} parts, not one")
        return self.parts[0].text

    def with_text(self, text: str, name: str | None = None) -> Artifact:
        """The same artifact with one part's text replaced (the only part where `name` is None)."""
        chosen = name if name is not None else self.parts[0].name
        parts = tuple(p.model_copy(update={"text": text}) if p.name == chosen else p for p in self.parts)
        return Artifact(kind=self.kind, parts=parts)


class Case(Frozen):
    """One test or one data row."""

    id: str
    input: JsonValue = None
    expected: JsonValue = None
    visibility: Literal["shown", "hidden"] = "shown"
    weight: float = 1.0
    meta: Mapping[str, JsonValue] = {}


class CaseResult(Frozen):
    """One artifact on one case. A bad artifact never raises: it scores 0 with an error kind and useful feedback."""

    case_id: str
    score: float
    """In [0, 1]; 1 is a passed test."""
    feedback: str = ""
    output: JsonValue = None
    trace: JsonValue = None
    error: ErrorKind = "none"
    milliseconds: float = 0.0
    usage: Usage | None = None


class SpeedUp(Frozen):
    """How much faster than the seed, with the interval of the ratio (at least 99 %) and what may honestly be said."""

    ratio: float
    low: float
    high: float
    verdict: Literal["faster", "slower", "indistinguishable"]
    processes: int = 0
    pairs: int = 0
    noise: float = 0.0
    """Relative noise of old against old on this machine (the A/A calibration)."""
    workload: str = "recorded calls"
    """What was timed: the calls that the tests make, or those enlarged."""


class Tally(Frozen):
    """What is kept of the results of an artifact that was turned down at once: tens of thousands are."""

    passed: int
    total: int
    mean: float


class Evaluation(Frozen):
    """The results of one artifact on named cases in one stage of a plan."""

    artifact_id: str
    stage: str
    split: Split = "select"
    results: tuple[CaseResult, ...] = ()
    complete: bool = True
    """False where the evaluation stopped early (at the first failure, at the deadline): a lower bound only."""
    speed: SpeedUp | None = None
    note: str = ""
    """Why the artifact was turned down by something other than a case: `differs from the original on f([])`."""
    rejected: bool = False
    """The stage itself turned the artifact down, whatever the score."""
    agreement: float | None = None
    """Share in [0, 1] of evidence that is no case and gates nothing (examples in a docstring); orders equals."""
    tally: Tally | None = None
    """Stands for the results where they were not kept (see `brief`)."""

    @property
    def n(self) -> int:
        return self.tally.total if self.tally else len(self.results)

    @cached_property
    def mean(self) -> float:
        """Mean score in [0, 1]; 0 where nothing was evaluated."""
        if self.tally:
            return self.tally.mean
        return sum(r.score for r in self.results) / len(self.results) if self.results else 0.0

    @cached_property
    def stderr(self) -> float:
        """Standard error of the mean; 0 for fewer than two cases."""
        if len(self.results) < 2:
            return 0.0
        variance = sum((r.score - self.mean) ** 2 for r in self.results) / (len(self.results) - 1)
        return math.sqrt(variance / len(self.results))

    @cached_property
    def passed(self) -> int:
        return self.tally.passed if self.tally else sum(r.score >= 1.0 for r in self.results)

    @property
    def all_passed(self) -> bool:
        return self.complete and not self.rejected and bool(self.results) and self.passed == self.n

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that computes its own figures: pydantic's would take over those of the results it replaces."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("mean", "stderr", "passed"):
            vars(copied).pop(name, None)
        return copied

    def brief(self) -> Evaluation:
        """The same without the results: what is remembered of an artifact that nobody will look at again."""
        return Evaluation(
            artifact_id=self.artifact_id,
            stage=self.stage,
            split=self.split,
            complete=self.complete,
            rejected=self.rejected,
            tally=Tally(passed=self.passed, total=self.n, mean=self.mean),
        )


class Critique(Frozen):
    """A textual gradient: what is wrong with which part, seen on which cases."""

    text: str
    about: str = ""
    case_ids: tuple[str, ...] = ()
    severity: float = 0.0
    source: Literal["metric", "model", "test"] = "test"


class Proposal(Frozen):
    """A candidate artifact and where it came from."""

    artifact: Artifact
    parents: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """Names of the parts that differ from the first parent."""
    edit_words: int = 0
    rationale: str = ""
    prior: float = 0.0
    """The optimizer's own expectation; orders equals, proves nothing."""
    status: ProposalStatus = "ok"
    paid: bool = False
    """A model wrote it: its text is journaled at once. What a rule wrote can be made again from the state."""
    response_id: str | None = None


class Evolution(Frozen):
    """How the latest version of a path differs from the one before, in numbers, see search.evolution. None is unknown:
    the two were measured on no common case.
    """

    step_size: float
    """Share of the words that changed."""
    score_change: float | None = None
    response_change: float | None = None
    """In [0, 1]: 1 minus the mean similarity of the responses."""
    sensitivity: float | None = None
    """The score change over the step size."""
    bend: float | None = None
    """The second difference of the score."""
    fixed: int = 0
    """Cases."""
    broken: int = 0
    accepted: bool = False
    by_speed: bool = False
    """The score is the share of time saved."""
    regime: Regime | None = None


class Task(Frozen):
    """What is to be done, in words and facts; what an optimizer may know about the artifact's kind."""

    kind: Kind
    goal: str
    """`fix` or `faster` for a function; free text for a prompt or a solution."""
    description: str = ""
    facts: Mapping[str, Any] = {}
    """Plain data about the surroundings, for a function the fields of rewriting.facts.Facts."""
