"""Money."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, order=True)
class Money:
    cents: int
    currency: str = "EUR"

    def __add__(self, other):
        if not isinstance(other, Money):
            return NotImplemented
        if other.currency != self.currency:
            raise ValueError("different currencies")
        return replace(self, cents=self.cents + other.cents)
