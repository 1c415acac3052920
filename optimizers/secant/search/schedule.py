"""Word budgets over a run: how many words a step may change (GPO's learning rate).

After GPO's released schedulers (algorithms.md 2.2), except that a linear schedule without warm-up divides by all its
steps (theirs still subtracts the warm-up and goes negative), and that no budget is below 1.
"""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field

from secant.types import Frozen


class Schedule(Frozen):
    """How the word budget goes from `start` to `end` within `steps`, after `warm_up` steps of linear rise."""

    shape: Literal["fixed", "linear", "cosine"] = "cosine"
    start: int = Field(default=50, ge=1)
    end: int = Field(default=10, ge=1)
    steps: int = Field(default=18, ge=1)
    warm_up: int = Field(default=0, ge=0)

    def words(self, count: int) -> int:
        """The budget when the trajectory has `count` entries, the seed included (so 1 at the first step)."""
        if count < self.warm_up:
            return max(1, int(self.start * count / self.warm_up))
        return max(1, int(self._decayed(count - self.warm_up)))

    def _decayed(self, count: int) -> float:
        done = min(1.0, count / max(1, self.steps - self.warm_up))
        if self.shape == "linear":
            return self.start - (self.start - self.end) * done
        if self.shape == "cosine":
            return self.end + (self.start - self.end) * 0.5 * (1 + math.cos(math.pi * done))
        return self.start
