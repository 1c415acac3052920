"""Orders for the engine: what it is asked to do with a target, with all that it needs to know."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from secant.config import Goal, Models, OptimizeRequest, SolveRequest
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


class Subject(NamedTuple):
    """A target in a document as it is at one moment, with the other open documents of its project."""

    path: Path
    target: Target
    base: str
    alone: bool
    """No other target of the document has its name."""
    shelf: Shelf
    buffers: Mapping[Path, str]

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
        optimizer=settings.optimizer if settings.optimizer not in ("", *_FUNCTIONS_ONLY) else _usual_optimizer(),
        models=_required(models),
        max_usd=settings.max_usd if settings.max_usd is not None else own.max_usd,
        max_calls=settings.max_calls,
        max_seconds=settings.max_seconds,
        max_evaluations=settings.max_evaluations,
        buffers=await subject.unsaved(),
        rejected=await subject.rejected(),
    )
    return {"solve": request.model_dump(mode="json")}


def _required(models: Models | None) -> Models:
    if models is None:
        raise Refused(
            "A solution is refined by a model, and none is configured.",
            hint="Set secant.model, for example to openai/gpt-4o-mini or, on your machine, to ollama/qwen3. "
            "For everybody who works on the project, set model in [tool.secant] of pyproject.toml.",
        )
    return models


def _usual_optimizer() -> str:
    return str(SolveRequest.model_fields["optimizer"].default)
