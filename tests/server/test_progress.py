"""At most five reports a second, the last one never lost, and percentages that only rise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInternalError
from pygls.progress import Progress

from secant_server.progress import Shown
from secant_server.throttle import Throttle


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self._waiting: list[tuple[float, Callable[[], object], Waiting]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], object], /) -> Waiting:
        handle = Waiting()
        self._waiting.append((when, callback, handle))
        return handle

    def pass_(self, seconds: float) -> None:
        self.now += seconds
        due = [each for each in self._waiting if each[0] <= self.now]
        self._waiting = [each for each in self._waiting if each[0] > self.now]
        for _, callback, handle in due:
            if not handle.cancelled:
                callback()


class Waiting:
    cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Items:
    """pygls' progress, as far as it is used."""

    def __init__(self, answer: asyncio.Future[None] | None = None) -> None:
        self.said: list[tuple[str, Any]] = []
        self.tokens: dict[str, object] = {}
        self.answer = answer

    async def create_async(self, token: str) -> None:
        if self.answer is not None:
            await self.answer
        self.tokens[token] = object()

    def begin(self, token: str, value: lsp.WorkDoneProgressBegin) -> None:
        self.said.append(("begin", value.title))

    def report(self, token: str, value: lsp.WorkDoneProgressReport) -> None:
        self.said.append((str(value.message), value.percentage))

    def end(self, token: str, value: lsp.WorkDoneProgressEnd) -> None:
        self.said.append(("end", value.message))


def shown(items: Items, clock: Clock) -> Shown:
    return Shown(cast("Progress", items), "secant/1", clock)


@pytest.mark.asyncio
async def test_five_reports_a_second_and_the_last_one() -> None:
    items, clock = Items(), Clock()
    bar = shown(items, clock)
    await bar.open("Optimizing f")
    for step in range(100):
        bar.report(f"cand {step}", step / 100)
        clock.pass_(0.01)
    clock.pass_(1.0)
    reports = [message for message, _ in items.said[1:]]
    assert reports == ["cand 0", "cand 19", "cand 39", "cand 59", "cand 79", "cand 99"]


@pytest.mark.asyncio
async def test_percentages_only_rise() -> None:
    items, clock = Items(), Clock()
    bar = shown(items, clock)
    await bar.open("Optimizing f")
    for fraction in (0.2, None, 0.1, 1.7):
        bar.report("on", fraction)
        clock.pass_(1.0)
    assert [percentage for _, percentage in items.said[1:]] == [20, 20, 20, 100]


@pytest.mark.asyncio
async def test_it_ends_once_and_nothing_follows() -> None:
    items, clock = Items(), Clock()
    bar = shown(items, clock)
    await bar.open("Optimizing f")
    bar.report("one", None)
    bar.report("two", None)
    bar.close("improved")
    bar.close("ended")
    bar.report("three", None)
    clock.pass_(1.0)
    assert items.said == [("begin", "Optimizing f"), ("one", 0), ("end", "improved")]
    assert items.tokens == {}


@pytest.mark.asyncio
async def test_an_editor_that_answers_after_the_run() -> None:
    """What was begun is ended, or the item would stay for ever."""
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    items = Items(answer)
    bar = shown(items, Clock())
    opening = asyncio.ensure_future(bar.open("Optimizing f"))
    bar.report("lost", None)
    bar.close("improved")
    answer.set_result(None)
    await opening
    assert items.said == [("begin", "Optimizing f"), ("end", "improved")]


@pytest.mark.asyncio
async def test_an_editor_that_refuses_the_item() -> None:
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    answer.set_exception(JsonRpcInternalError("no"))
    items = Items(answer)
    bar = shown(items, Clock())
    await bar.open("Optimizing f")
    bar.report("one", None)
    bar.close("improved")
    assert items.said == []


def test_a_throttle_forgets_what_waits() -> None:
    clock, calls = Clock(), list[float]()
    throttle = Throttle(0.5, lambda: calls.append(clock.now), clock)
    for _ in range(3):
        throttle()
    throttle.cancel()
    clock.pass_(1.0)
    throttle()
    assert calls == [0.0, 1.0]
