"""The words and numbers of ProTeGi, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from secant.optimizers.spec import PartedSpec
from secant.optimizers.wording import COMMON
from secant.prompting.feedback import FeedbackLimits
from secant.types import Frozen


class ProTeGiKnobs(Frozen):
    """The numbers of a round."""

    rounds: int = Field(ge=1)
    """Steps of a run, at most: in the paper gains peak around the third, and what follows fits the cases too well."""
    beam: int = Field(ge=1)
    """Prompts that are kept."""
    probe_size: int = Field(ge=1)
    """Cases of the mini-batch on which the errors are made."""
    groups: int = Field(ge=1)
    """Samples of errors for each member."""
    errors: int = Field(ge=1)
    """Failing cases in each."""
    reasons: int = Field(ge=1)
    """For each group."""
    edits: int = Field(ge=1)
    """For each reason."""
    paraphrases: int = Field(ge=0)
    """At most, of each edit and of the member."""
    successors: int = Field(ge=1)
    """New versions of each member."""
    reason_words: int = Field(ge=20)
    """What a reason is asked to keep to."""
    reason_tokens: int = Field(ge=50)
    """What of it is shown."""
    allocator: Literal["uniform", "ucb", "ucb_e", "successive_rejects", "successive_halving"]
    pulls_each: int = Field(ge=1)
    """Fit cases for each new version on the average; the allocator shares them out."""
    batch: int = Field(ge=1)
    """Cases in one pull of UCB and UCB-E."""
    arms: int = Field(ge=1)
    """Versions pulled in one round of theirs."""
    exploration: float = Field(ge=0)
    minimum: int = Field(ge=1)
    """Cases that each version sees at least in a phase of successive rejects."""
    feedback: FeedbackLimits
    raw_tokens: int = Field(ge=20)
    ask_again: bool
    offered: int = Field(ge=1)

    @model_validator(mode="after")
    def _nothing_thrown_away(self) -> Self:
        if self.written > self.successors:
            raise ValueError(f"groups x reasons x edits are {self.written}, more than the {self.successors} successors")
        return self

    @property
    def written(self) -> int:
        """Edits of one member."""
        return self.groups * self.reasons * self.edits

    @property
    def reworded(self) -> int:
        """Paraphrases of one member and its edits."""
        return min(self.paraphrases * (self.written + 1), self.successors - self.written)


class ProTeGiSpec(PartedSpec):
    """Its words and its numbers."""

    slots: ClassVar[Mapping[str, frozenset[str]]] = {
        **COMMON,
        "critique_system": frozenset[str](),
        "reasons": frozenset({"task", "current", "limits", "context", "errors", "request"}),
        "request": frozenset({"words"}),
        "edit": frozenset({"task", "current", "limits", "context", "errors", "reason", "contract"}),
        "reason": frozenset({"value"}),
        "paraphrase": frozenset({"task", "current", "limits", "context", "contract"}),
    }

    knobs: ProTeGiKnobs
