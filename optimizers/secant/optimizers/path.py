"""What an optimizer that walks a single path carries from step to step, and what a step of it starts from."""

from __future__ import annotations

from typing import NamedTuple

from secant.errors import BadRequest
from secant.optimizer import Context, LanguageModel, State
from secant.search.records import Record
from secant.types import Artifact, Case, Evaluation, Frozen, Part, ProposalStatus


class Trouble(Frozen):
    """An answer that could not be used; the next request mentions it."""

    step: int
    status: ProposalStatus
    detail: str


class HandedEdit(Frozen):
    """An edit by rule that repaired a part of what fails."""

    text: str
    note: str
    passed: int


class PathState(State):
    """Where a single path stands."""

    incumbent: str = ""
    origins: tuple[str, ...] = ()
    """What the path began with, x_0 first; behind it what another optimizer handed over."""
    after: int = 0
    """The step in which it began."""
    troubles: tuple[Trouble, ...] = ()
    handed: tuple[HandedEdit, ...] = ()
    """Filled in by whoever holds them, for one request."""
    tried: int = 0
    """How many were tried."""


class View(NamedTuple):
    """What a step starts from."""

    base: Artifact
    """The version that new ones are made from."""
    part: Part
    evaluation: Evaluation
    """The feedback: the probe where there is one, or else what the path measured of the incumbent."""
    cases: dict[str, Case]
    records: tuple[Record, ...]


def told_apart(ctx: Context, part: Part) -> str:
    """Which part of a prompt is meant, where it has several: to stand behind the word `prompt`."""
    return f" (its part {part.name})" if len(ctx.seed.parts) > 1 else ""


def required_model(ctx: Context, name: str) -> LanguageModel:
    """Raises BadRequest where there is none."""
    if ctx.lm is None:
        hint = "Name one (--model openai/gpt-4o-mini), or use --optimizer rewrite, which needs none."
        raise BadRequest(f"the optimizer {name} needs a model", hint=hint)
    return ctx.lm
