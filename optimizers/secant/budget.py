"""What a run may spend and what it has spent: reserve before, settle after, so that no cap is passed.

A reservation counts as spent until it is settled with the real figures or released; what would pass a cap is refused
before it is begun. Knows nothing of models or evaluators. Thread-safe; the clock is given.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Literal, NamedTuple, Self

from pydantic import Field

from secant.types import Frozen, Level, Usage

What = Literal["calls", "tokens", "usd", "seconds", "evaluations"]
_UNITS: Mapping[What, str] = {"tokens": "tokens", "usd": "dollars"}
"""Of what is set aside at the most that it may be, which can be more than all that a run is allowed."""
WHATS: tuple[What, ...] = ("calls", "tokens", "usd", "seconds", "evaluations")
_NOTHING = Usage()


class Limits(Frozen):
    """The caps of a run. None means no cap; 0 means nothing at all."""

    calls: int | None = Field(default=None, ge=0)
    tokens: int | None = Field(default=None, ge=0)
    usd: float | None = Field(default=None, ge=0)
    seconds: float | None = Field(default=None, ge=0)
    evaluations: int | None = Field(default=None, ge=0)


class Spent(Frozen):
    """What a run has spent: the figures of a report, and what a resumed run starts from."""

    evaluations: int = 0
    seconds: float = 0.0
    usage: Mapping[str, Usage] = {}


class BudgetExhausted(Exception):  # noqa: N818 - an outcome, not a fault: the driver stops with the best so far
    """A reservation would pass a cap. `what` names the cap."""

    def __init__(self, what: What, detail: str = "") -> None:
        super().__init__(detail or f"the budget of {what} is used up")
        self.what: What = what


class _Amounts(NamedTuple):
    calls: int = 0
    tokens: int = 0
    usd: float = 0.0
    evaluations: int = 0

    def plus(self, other: _Amounts, sign: int = 1) -> _Amounts:
        return _Amounts(
            self.calls + sign * other.calls,
            self.tokens + sign * other.tokens,
            self.usd + sign * other.usd,
            self.evaluations + sign * other.evaluations,
        )


def _caps(limits: Limits) -> Sequence[tuple[What, float]]:
    """Those that there are."""
    found: list[tuple[What, float | None]] = [(what, getattr(limits, what)) for what in WHATS]
    return [(what, cap) for what, cap in found if cap is not None]


class Budget:
    """The account of one run. Implements `optimizer.BudgetView`."""

    def __init__(
        self, limits: Limits | None = None, *, clock: Callable[[], float] = time.monotonic, spent: Spent | None = None
    ) -> None:
        self.limits = limits or Limits()
        self._caps = _caps(self.limits)
        earlier = spent or Spent()
        self._clock = clock
        self._started = clock() - earlier.seconds
        self._lock = threading.Lock()
        self._held = _Amounts()
        self._usage: dict[str, Usage] = dict(earlier.usage)
        self._used = _Amounts(
            calls=sum(u.calls for u in earlier.usage.values()),
            tokens=sum(u.prompt_tokens + u.completion_tokens for u in earlier.usage.values()),
            usd=sum(u.usd or 0.0 for u in earlier.usage.values()),
            evaluations=earlier.evaluations,
        )

    @property
    def seconds(self) -> float:
        """Wall time of this session and of those before it."""
        return self._clock() - self._started

    @property
    def evaluations(self) -> int:
        return self._used.evaluations

    @property
    def usage(self) -> Mapping[str, Usage]:
        """The ledger by level. A level's `usd` is None once any of its prices was unknown."""
        with self._lock:
            return dict(self._usage)

    def spent(self) -> Spent:
        return Spent(evaluations=self.evaluations, seconds=self.seconds, usage=self.usage)

    def remaining(self, what: What) -> float | None:
        """What may still be reserved; None where there is no cap. Never negative."""
        limit = getattr(self.limits, what)
        if limit is None:
            return None
        with self._lock:
            return max(0.0, limit - self._committed(what))

    def fraction_used(self) -> float:
        """How much of the tightest limit is used, in [0, 1]; 0 where nothing is limited."""
        with self._lock:
            fractions = [min(1.0, self._committed(what) / limit) if limit else 1.0 for what, limit in self._caps]
        return max(fractions, default=0.0)

    def reserve(self, *, calls: int = 0, tokens: int = 0, usd: float | None = 0.0, evaluations: int = 0) -> Reservation:
        """Set an upper bound aside, or raise BudgetExhausted. `usd=None` is an unknown price: refused under a cap.

        Every reservation also asks for time: none is given after the seconds are used up.
        """
        if usd is None and self.limits.usd is not None:
            raise BudgetExhausted("usd", "the price is not known, so a limit in dollars cannot be kept")
        wanted = _Amounts(calls, tokens, usd or 0.0, evaluations)
        with self._lock:
            for what, limit in self._caps:
                committed = self._committed(what)
                more = 0.0 if what == "seconds" else getattr(wanted, what)
                if (more and committed + more > limit) or (what == "seconds" and committed >= limit):
                    raise BudgetExhausted(what, _too_little(what, limit, limit - committed, more))
            self._held = self._held.plus(wanted)
        return Reservation(self, wanted)

    def _committed(self, what: What) -> float:
        if what == "seconds":
            return self.seconds
        return getattr(self._used, what) + getattr(self._held, what)

    def _close(self, held: _Amounts, level: Level | None, usage: Usage, evaluations: int) -> None:
        with self._lock:
            self._held = self._held.plus(held, -1)
            # An unknown price is charged as reserved, so that the cap stays on the safe side; the ledger says unknown.
            usd = held.usd if usage.usd is None else usage.usd
            tokens = usage.prompt_tokens + usage.completion_tokens
            self._used = self._used.plus(_Amounts(usage.calls, tokens, usd, evaluations))
            if level is not None:
                self._usage[level] = self._usage.get(level, Usage()) + usage


def _too_little(what: What, limit: float, left: float, wanted: float) -> str:
    """What is left and what was to be set aside; empty where nothing is left."""
    unit = _UNITS.get(what)
    if unit is None or left <= 0:
        return ""
    return f"of the {limit:g} {unit} that are allowed {left:.3g} are left, and what comes next may take {wanted:.3g}"


class Reservation:
    """Something set aside. Settle it with the real figures; leaving its `with` block unsettled gives it back."""

    def __init__(self, budget: Budget, held: _Amounts) -> None:
        self._budget = budget
        self._held = held
        self._open = True

    def settle(self, level: Level | None = None, usage: Usage | None = None, *, evaluations: int = 0) -> None:
        """Book what was really spent. Raises RuntimeError when it was settled or released before."""
        if not self._open:
            raise RuntimeError("the reservation is closed already")
        self._open = False
        self._budget._close(self._held, level, usage or _NOTHING, evaluations)  # pyright: ignore[reportPrivateUsage]

    def release(self) -> None:
        """Give everything back; nothing was spent. Harmless after settling."""
        if self._open:
            self.settle()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
