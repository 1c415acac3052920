"""What can be asked of a run: requests as plain, validated values. They are journaled as they are given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from secant.budget import Limits
from secant.models.contract import ModelSettings
from secant.types import Frozen, Level

Goal = Literal["auto", "fix", "faster"]


class Models(Frozen):
    """The models of a run, and what becomes of their answers. Keys are never part of a request."""

    levels: Mapping[Level, ModelSettings] = {}
    """A level that is not named takes another's model; none at all only where a cassette is replayed."""
    concurrency: int = Field(default=8, ge=1)
    cache: bool = True
    """Answers of earlier runs to the very same requests are used again."""
    record: Path | None = None
    """Write every call into this cassette."""
    replay: Path | None = None
    """Answer from this cassette alone, and ask no model."""


class RunRequest(Frozen):
    """What a run is asked, whatever it works on. Paths are as the user gave them, relative to `folder`."""

    kind: ClassVar[str] = ""
    """What it works on, as `RunStarted` and a cassette name it."""
    command: ClassVar[str] = ""
    """Behind `secant`."""

    target: str
    folder: Path
    python: str | None = None
    """The interpreter that runs the user's code."""
    optimizer: str = ""
    models: Models | None = None
    max_seconds: float | None = Field(default=None, gt=0)
    """Of the search. None: as long as suits the kind of run."""
    max_evaluations: int | None = Field(default=None, ge=0)
    max_calls: int | None = Field(default=None, ge=0)
    max_tokens: int | None = Field(default=None, ge=0)
    max_usd: float | None = Field(default=None, ge=0)
    seed: int = 0
    apply: bool = False
    buffers: Mapping[str, str] = {}
    """Absolute path to unsaved text, as an editor holds it: the run sees these instead of the files on disk."""
    rejected: tuple[str, ...] = ()
    """Texts that the user turned down: they are not proposed again."""

    @property
    def chosen_optimizer(self) -> str:
        """The name of the optimizer."""
        return self.optimizer

    def limits(self, seconds: float) -> Limits:
        """The caps of the run; `seconds` where the request says nothing of time."""
        return Limits(
            seconds=self.max_seconds or seconds,
            evaluations=self.max_evaluations,
            calls=self.max_calls,
            tokens=self.max_tokens,
            usd=self.max_usd,
        )

    @field_validator("buffers")
    @classmethod
    def _absolute(cls, buffers: Mapping[str, str]) -> Mapping[str, str]:
        for path in buffers:
            if not Path(path).is_absolute():
                raise ValueError(f"the buffer's path {path!r} is not absolute")
        return buffers


class OptimizeRequest(RunRequest):
    """Optimize one function. The target is `path.py::Qual.name` or `path.py:LINE`.

    Without an optimizer's name it is `rewrite`, and with a model `mixed`; without models none is asked anything.
    """

    kind = "function"
    command = "optimize"

    goal: Goal = "auto"
    tests: tuple[str, ...] = ()
    """Paths or node ids; empty: they are searched for."""
    tolerance: float = Field(default=1e-9, ge=0)
    """Relative difference of floats that still counts as the same result."""

    @property
    def chosen_optimizer(self) -> str:
        return self.optimizer or ("mixed" if self.models is not None else "rewrite")


class SolveRequest(RunRequest):
    """Refine the solution in one Markdown file: a problem, and under a heading of its own a solution, if there is one.

    Without models nothing can be solved; the request is kept as it was given.
    """

    kind = "solution"
    command = "solve"

    select: str = "## Solution"
    """The heading of the solution's section."""
    answer: str | None = None
    """A regular expression that finds the answer (last match; group 1 where there is one). None: `Answer: ...`."""
    checks: tuple[str, ...] = ()
    """`path.py::function`, each called with problem, solution and answer."""
    run_code: bool = False
    """The Python code in the solution must run to its end."""
    must_match: tuple[str, ...] = ()
    """Regular expressions that the solution must match."""
    check_seconds: float = Field(default=10.0, gt=0)
    """What one check may take, and the search for the answer."""
    optimizer: str = "hessiangrad"
    max_steps: int | None = Field(default=6, ge=0)


class PromptRequest(RunRequest):
    """What is asked of a prompt file. The target is `path`, or `path::NAME` where the file has several prompts."""

    data: tuple[str, ...] = ()
    """Files with cases; empty: what the file names or holds, or what stands beside it (`<name>.eval.jsonl`, ...)."""
    report_data: tuple[str, ...] = ()
    """Files whose cases are for the report alone; empty: a share of `data` is put aside."""
    metric: str = ""
    """`exact`, `numeric`, `contains`, `regex`, `json-schema`, `python:FILE.py::FUNCTION`, `judge`, each perhaps with
    `:ARGUMENT`. Empty: what the data's own checks say, else `exact`."""
    repeats: int = Field(default=1, ge=1)
    """How often each case is run, for programs that do not answer alike each time; the mean counts."""
    case_seconds: float = Field(default=10.0, gt=0)
    """What a metric in Python may take for one answer."""


class EvalRequest(PromptRequest):
    """Score a prompt file on all of its cases, and change nothing. Recorded answers need no model."""

    kind = "evaluation"
    command = "eval"

    baselines: tuple[str, ...] = ()
    """Further programs for the same prompt, to compare with: `cot`, `few-shot`, `self-consistency`, `best-of`."""


class RefineRequest(PromptRequest):
    """Improve the text of a prompt file on its cases. Without models nothing can be refined."""

    kind = "prompt"
    command = "refine"

    optimizer: str = "gpo"
    max_steps: int | None = Field(default=12, ge=0)
    max_prompt_tokens: int | None = Field(default=None, ge=1)
    """No new prompt is longer. None: twice the seed's tokens, and 400 at least."""
    demonstrations: int = Field(default=0, ge=0)
    """Cases that may be shown in the prompt as examples; with 0 a text that copies from the cases is turned down."""


REQUESTS: Mapping[str, type[RunRequest]] = {
    each.kind: each for each in (OptimizeRequest, SolveRequest, RefineRequest, EvalRequest)
}
"""Every kind of run."""


def portable(request: RunRequest) -> Mapping[str, Any]:
    """What was asked, without what belongs to one machine and one moment: for a cassette that others play."""
    own = {"folder", "python", "buffers", "apply"}
    whole = request.model_dump(mode="json", exclude_defaults=True, exclude=own)
    if isinstance(whole.get("models"), dict):
        whole["models"] = {name: value for name, value in whole["models"].items() if name not in ("record", "replay")}
    return {"kind": request.kind, **whole}
