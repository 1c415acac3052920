"""Many requests of one asker: a few more under way than are served at once, the others not even named yet.

So the first answer is not waited for until the last request is made, and ten thousand take no more room than a
hundred. Knows neither providers nor a journal: whatever is done about a single call, the `Carrier` does.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from secant.budget import BudgetExhausted, Reservation
from secant.cancellation import Cancellation, Interrupted
from secant.models.background import Flight
from secant.models.calls import Call, completions
from secant.models.contract import ModelCall
from secant.optimizer import Answered, Completion

_AHEAD = 2
"""Times as many as are served at once are begun, once those are under way: a slot never waits for the asker's thread,
and the asker's thread does not hold up the first.
"""
_TICK_SECONDS = 0.05
"""How often a waiting caller looks whether the run is to stop."""
_WORTH_TELLING = 10
"""Words of answers under way; to tell each would say nothing more."""
_LANDING_SECONDS = 5.0
"""How long a request that was told to stop may take over it."""


class Words:
    """How many words of one answer have come."""

    def __init__(self) -> None:
        self.count = 0

    def more(self, count: int) -> None:
        self.count += count


class Carrier(Protocol):
    """What is done about one call. All but `carried_out` happens in the asker's thread."""

    def remembered(self, call: Call) -> ModelCall | None:
        """The outcome that needs no provider."""
        ...

    def afford(self, calls: Sequence[Call]) -> None:
        """Raises BudgetExhausted where the run may not make so many."""
        ...

    def reserve(self, call: Call) -> Reservation:
        """Set aside what one attempt can cost at most. Raises BudgetExhausted."""
        ...

    def carried_out(self, call: Call, reservation: Reservation, words: Words) -> Coroutine[Any, Any, ModelCall]:
        """All attempts, in the loop's thread. `words` is told how far the answer has come."""
        ...

    def keep(self, call: Call, outcome: ModelCall) -> None:
        """Write a finished call down."""
        ...

    def taken_in(self, call: Call, outcome: ModelCall) -> ModelCall:
        """The same. Raises ModelUnavailable where no other call can do better."""
        ...


class _Order(NamedTuple):
    """A call under way, and what is set aside for it."""

    call: Call
    reservation: Reservation
    words: Words


class Crowd:
    """The calls of one asker, from the first name to the last answer. Used once."""

    def __init__(
        self,
        carrier: Carrier,
        flight: Flight[ModelCall],
        calls: Iterable[Call],
        *,
        at_once: int,
        scarce: bool,
        cancellation: Cancellation,
        hear: Callable[[int], object],
        answered: Answered | None = None,
    ) -> None:
        """`calls` are taken one by one, as there is room for them: `at_once` are served at once. All are taken first
        where calls are `scarce`, so that none is paid where not all can be. `hear` is told how many words have come of
        the answers that are waited for; `answered` of each first text that was written down.
        """
        self._carrier = carrier
        self._flight = flight
        self._asked = self._unknown(calls)
        self._at_once = at_once
        self._scarce = scarce
        self._cancellation = cancellation
        self._hear = hear
        self._aloft: dict[int, _Order] = {}
        self._next: tuple[int, Call] | None = None
        """The first that is not sent yet."""
        self._answered = answered
        self._untold: list[int] = []
        """Answers that `answered` has not heard of: it does once the next requests are sent."""
        self._answers: dict[int, Sequence[Completion]] = {}
        self._landed_words = 0
        self._told = 0

    def answers(self) -> list[Sequence[Completion]]:
        """Of each call, in their order. Raises BudgetExhausted, ModelUnavailable and Interrupted; whatever was
        finished until then is written down.
        """
        try:
            if self._scarce:
                ahead = list(self._asked)
                self._carrier.afford([call for _, call in ahead])
                self._asked = iter(ahead)
            self._next = next(self._asked, None)
            self._send(self._at_once)
            while self._aloft:
                landed = self._flight.next(_TICK_SECONDS)
                if landed is None:
                    self._tell()
                while landed is not None:
                    self._take_in(*landed)
                    landed = self._flight.next(0.0)
                self._send(_AHEAD * self._at_once)
                self._tell_answers()
            self._tell_answers()
        except BaseException:
            self._bring_down()
            raise
        return [self._answers[place] for place in range(len(self._answers))]

    def _unknown(self, calls: Iterable[Call]) -> Iterator[tuple[int, Call]]:
        """Those that must be sent. The others are answered in passing."""
        for place, call in enumerate(calls):
            self._look_for_a_stop()
            known = self._carrier.remembered(call)
            if known is None:
                yield place, call
            else:
                self._note(place, known)

    def _send(self, width: int) -> None:
        """Send as many as there is room and money for, so that not more than `width` are under way.

        What is set aside for a call is the most that it can cost, many times what it does: where that is more than is
        left, those under way may yet leave enough. Raises BudgetExhausted where there are none, and Interrupted.
        """
        if self._aloft or self._next is not None:
            self._look_for_a_stop()
        while self._next is not None and len(self._aloft) < width:
            place, call = self._next
            try:
                reservation = self._carrier.reserve(call)
            except BudgetExhausted:
                if not self._aloft:
                    raise
                return
            self._aloft[place] = order = _Order(call, reservation, Words())
            self._flight.send(place, self._carrier.carried_out(*order))
            self._next = next(self._asked, None)

    def _look_for_a_stop(self) -> None:
        if self._cancellation.cancelled:
            raise Interrupted(self._cancellation.reason)

    def _take_in(self, place: int, task: asyncio.Task[ModelCall]) -> None:
        order = self._aloft.pop(place)
        self._landed_words += order.words.count
        self._note(place, self._carrier.taken_in(order.call, task.result()))

    def _note(self, place: int, outcome: ModelCall) -> None:
        self._answers[place] = completions(outcome)
        if self._answered is not None:
            self._untold.append(place)

    def _tell_answers(self) -> None:
        for place in self._untold:
            assert self._answered is not None
            self._answered(place, self._answers[place][0])
        self._untold.clear()

    def _tell(self) -> None:
        """Say how many words have come, where they are a few more than were told of."""
        words = self._landed_words + sum(order.words.count for order in self._aloft.values())
        if words >= self._told + _WORTH_TELLING:
            self._told = words
            self._hear(words)

    def _bring_down(self) -> None:
        """Cancel what is aloft. What was answered all the same was paid, so it is written down."""
        self._flight.cancel()
        while self._aloft:
            landed = self._flight.next(_LANDING_SECONDS)
            if landed is None:  # a provider that does not heed: its reservation stays with it
                return
            place, task = landed
            order = self._aloft.pop(place)
            order.reservation.release()  # a task that is cancelled before it begins releases nothing
            if not task.cancelled() and task.exception() is None:
                # What ended the wait is on its way up already: a second trouble must neither hide it nor stop this.
                with contextlib.suppress(Exception):
                    self._carrier.keep(order.call, task.result())
