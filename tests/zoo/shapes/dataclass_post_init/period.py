"""Periods of days."""

from dataclasses import dataclass, field


@dataclass
class Period:
    first: int
    last: int
    days: int = field(init=False)

    def __post_init__(self):
        if self.first > self.last:
            self.first, self.last = self.last, self.first
        self.days = self.last - self.first + 1


WEEK = Period(7, 1)
