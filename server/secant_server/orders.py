"""Orders for the engine: what it is asked to do with a target, with all that it needs to know."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from secant.config import EvalRequest, Goal, Models, OptimizeRequest, RefineRequest, RunRequest, SolveRequest
from secant.functions.settings import read_settings
from secant.naming import named_models
from secant_server.notices import Refused
from secant_server.settings import Settings
from secant_server.shelf import Shelf
from secant_server.sources import unsaved
from secant_server.targets import Target
from secant_server.text import normalized

_FUNCTIONS_ONLY = ("rewrite", "mixed")
"""Optimizers that edit Python."""
_JUDGED = ("answer", "run_code", "must_match", "check_seconds")
_SCORED = ("metric", "repeats", "case_seconds", "max_prompt_tokens", "demonstrations")
"""Of an earlier request on a prompt: it holds for the next, since no setting says so."""
_PYTHON_METRIC = "python:"


class Subject(NamedTuple):
    """A target in a document as it is at one moment, with the other open documents of its project."""

    path: Path
    target: Target
    base: str
    alone: bool
    """No other target of the document has its name."""
    shelf: Shelf
    buffers: Mapping[Path, str]
    asked: str = ""
    """A prompt as a config names it that has the cases for it: the config, and the name."""

    @property
    def address(self) -> str:
        """A function as the engine names it: a name survives in a list of runs, a line is exact."""
        return f"{self.path}::{self.target.name}" if self.alone else f"{self.path}:{self.target.line + 1}"

    async def unsaved(self) -> Mapping[str, str]:
        return await asyncio.to_thread(unsaved, self.buffers)

    async def rejected(self) -> tuple[str, ...]:
        return tuple(await self.shelf.rejected(self.path, self.target.name, normalized(self.base)))


async def optimize(subject: Subject, goal: Goal, settings: Settings) -> Mapping[str, Any]:
    """To repair a function, or to make it faster."""
    root = subject.shelf.root
    own = read_settings(root)
    request = OptimizeRequest(
        target=subject.address,
        folder=root,
        goal=goal,
        python=settings.interpreter,
        optimizer=settings.optimizer,
        models=named_models(settings.named, own, root),
        max_usd=settings.max_usd if settings.max_usd is not None else own.max_usd,
        max_calls=settings.max_calls,
        max_seconds=settings.max_seconds,
        max_evaluations=settings.max_evaluations,
        buffers=await subject.unsaved(),
        rejected=await subject.rejected(),
    )
    return {"optimize": request.model_dump(mode="json")}


async def solve(subject: Subject, settings: Settings, earlier: Mapping[str, Any]) -> Mapping[str, Any]:
    """To refine a solution, judged as an `earlier` request asked, if there was one: no setting names checks.

    Raises Refused where no model is configured: nothing else could do it.
    """
    root = subject.shelf.root
    own = read_settings(root)
    models = named_models(settings.named, own, root)
    judged = {name: earlier[name] for name in _JUDGED if name in earlier}
    request = SolveRequest(
        **judged,
        checks=tuple(str(Path(earlier["folder"]) / check) for check in earlier.get("checks", ())),
        target=str(subject.path),
        folder=root,
        select=subject.target.name,
        python=settings.interpreter,
        optimizer=_default(SolveRequest) if settings.optimizer in ("", *_FUNCTIONS_ONLY) else settings.optimizer,
        models=_required(models, "solution"),
        max_usd=settings.max_usd if settings.max_usd is not None else own.max_usd,
        max_calls=settings.max_calls,
        max_seconds=settings.max_seconds,
        max_evaluations=settings.max_evaluations,
        buffers=await subject.unsaved(),
        rejected=await subject.rejected(),
    )
    return {"solve": request.model_dump(mode="json")}


async def refine(subject: Subject, settings: Settings, earlier: Mapping[str, Any]) -> Mapping[str, Any]:
    """To refine a prompt, on the cases and by the metric of an `earlier` request, if there was one.

    Raises Refused where no model is configured.
    """
    asked = await _prompt(subject, settings, earlier)
    required = _required(asked["models"], "prompt")
    optimizer = settings.prompt_optimizer or _default(RefineRequest)
    request = RefineRequest.model_validate(
        {
            **asked,
            "models": required,
            "optimizer": optimizer,
            "rejected": await subject.rejected(),
        }
    )
    return {"refine": request.model_dump(mode="json")}


async def evaluate(subject: Subject, settings: Settings, earlier: Mapping[str, Any]) -> Mapping[str, Any]:
    """To score a prompt, likewise. Recorded answers need no model: the engine says where one is missing."""
    asked = await _prompt(subject, settings, earlier)
    known = {name: value for name, value in asked.items() if name in EvalRequest.model_fields}
    return {"eval": EvalRequest.model_validate(known).model_dump(mode="json")}


async def _prompt(subject: Subject, settings: Settings, earlier: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a prompt, whatever is to be done with it."""
    root = subject.shelf.root
    own = read_settings(root)
    there = Path(earlier.get("folder", root))
    data = {name: tuple(str(there / each) for each in earlier.get(name, ())) for name in ("data", "report_data")}
    return {
        **{name: earlier[name] for name in _SCORED if name in earlier},
        **data,
        "metric": settings.prompt_metric or _metric(earlier.get("metric", ""), there),
        "target": _target(subject),
        "folder": root,
        "python": settings.interpreter,
        "models": named_models(settings.named, own, root),
        "max_usd": settings.max_usd if settings.max_usd is not None else own.max_usd,
        "max_calls": settings.max_calls,
        "max_seconds": settings.max_seconds,
        "max_evaluations": settings.max_evaluations,
        "buffers": await subject.unsaved(),
    }


def _target(subject: Subject) -> str:
    """A file has one prompt, unless the prompt has a name of its own in it."""
    path, name = subject.path, subject.target.name
    if subject.asked:
        return subject.asked
    return str(path) if name == path.name else f"{path}::{name}"


def _metric(named: str, folder: Path) -> str:
    """A function of the user's is named by a file, which was named from another folder perhaps."""
    if not named.startswith(_PYTHON_METRIC):
        return named
    return f"{_PYTHON_METRIC}{folder / named.removeprefix(_PYTHON_METRIC)}"


def _required(models: Models | None, noun: str) -> Models:
    if models is None:
        raise Refused(
            f"A {noun} is refined by a model, and none is configured.",
            hint="Set secant.model, for example to openai/gpt-4o-mini or, on your machine, to ollama/qwen3. "
            "For everybody who works on the project, set model in [tool.secant] of pyproject.toml.",
        )
    return models


def _default(request: type[RunRequest]) -> str:
    """Its usual optimizer."""
    return str(request.model_fields["optimizer"].default)
