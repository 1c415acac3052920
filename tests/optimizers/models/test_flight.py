"""Coroutines under way in the loop's thread: whoever waits is woken for many, and for one where no more come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from secant.models.background import Background, Flight

PATIENCE = 10.0


class Gates:
    """Eight coroutines, each of which lands when its gate is opened."""

    def __init__(self, background: Background) -> None:
        self.flight = Flight[int](background)
        self._background = background
        self._gates = [asyncio.Event() for _ in range(8)]
        for number in range(8):
            self.flight.send(number, self._landed(number))

    async def _landed(self, number: int) -> int:
        await self._gates[number].wait()
        return number

    def open(self, *numbers: int) -> None:
        async def opened() -> None:
            for number in numbers:
                self._gates[number].set()

        self._background.run(opened(), PATIENCE)

    def next(self, timeout: float = 0.0) -> int | None:
        found = self.flight.next(timeout)
        return None if found is None else found[1].result()


@pytest.fixture
def gates() -> Iterator[Gates]:
    background = Background()
    yield Gates(background)
    background.close()


def test_a_burst_is_handed_over_as_one(gates: Gates) -> None:
    gates.open(3, 1, 2)
    assert gates.next(PATIENCE) == 3
    assert [gates.next() for _ in range(3)] == [1, 2, None]


def test_one_alone_is_handed_over_when_no_more_come(gates: Gates) -> None:
    gates.open(5)
    assert gates.next(PATIENCE) == 5
    gates.open(6)
    assert gates.next(PATIENCE) == 6


def test_all_that_are_told_to_come_down_are_handed_over(gates: Gates) -> None:
    gates.flight.cancel()
    assert all((found := gates.flight.next(PATIENCE)) is not None and found[1].cancelled() for _ in range(8))
