"""The words and numbers of MIPROv2, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from secant.optimizers.spec import PartedSpec
from secant.optimizers.wording import COMMON
from secant.prompting.feedback import FeedbackLimits
from secant.types import Frozen

TIPS = ("tip_none", "tip_creative", "tip_simple", "tip_detailed", "tip_stakes", "tip_role")


class MIPROKnobs(Frozen):
    """The numbers of a run."""

    instructions: int = Field(ge=1)
    """New texts for each part, asked for at the start."""
    demonstrations: int = Field(ge=0)
    """Examples in a prompt where the task does not say how many; 0 searches instructions alone."""
    sets: int = Field(ge=1)
    """Sets of demonstrations to choose from, besides none."""
    bootstrap: int = Field(ge=1)
    """Fit cases that are answered once to get demonstrations from."""
    example_tokens: int = Field(ge=10)
    """Longer cases and answers are not shown as examples."""
    exemplars: int = Field(ge=1)
    """Fit cases that a request shows."""
    exemplar_tokens: int = Field(ge=50)
    """For all of them."""
    summary_words: int = Field(ge=20)
    summary_tokens: int = Field(ge=50)
    """What of a summary is shown."""
    trials: int = Field(ge=1)
    """Combinations of a run, the original not counted."""
    trials_each: int = Field(ge=1)
    """Combinations of a step, measured on the same cases; then the best by mean is measured on all."""
    batch: int = Field(ge=1)
    """Select cases on which a combination is measured; where there are no more, on all of them at once."""
    feedback: FeedbackLimits
    ask_again: bool
    offered: int = Field(ge=1)


class MIPROSpec(PartedSpec):
    """Its words and its numbers."""

    slots: ClassVar[Mapping[str, frozenset[str]]] = {
        **COMMON,
        "describing": frozenset[str](),
        "data": frozenset({"task", "examples", "words"}),
        "program": frozenset({"task", "current", "context", "examples", "words"}),
        "instruction": frozenset({"task", "current", "limits", "context", "notes", "examples", "tip", "contract"}),
        "noted_data": frozenset({"value"}),
        "noted_program": frozenset({"value"}),
        "shown": frozenset({"value"}),
        **dict.fromkeys(TIPS, frozenset[str]()),
        "block": frozenset({"examples"}),
        "example": frozenset({"input", "answer"}),
    }

    knobs: MIPROKnobs
