"""Recorded calls: what tests really pass, as it was before the call."""

import textwrap
import threading
from typing import Any

import pytest

from secant.functions.worker.record import Recorder
from secant.functions.worker.unit import Unit, existing_functions

PATH = "memory/recorded.py"


class Recorded:
    """A function of a module, watched."""

    def __init__(self, text: str, qualname: str, first_line: int = 1) -> None:
        module = textwrap.dedent(text).lstrip("\n")
        self.namespace: dict[str, Any] = {"__name__": "recorded"}
        exec(compile(module, PATH, "exec"), self.namespace)
        unit = Unit(PATH, qualname, first_line, "\n".join(module.split("\n")[first_line - 1 :]), 0)
        self.recorder = Recorder(unit, existing_functions(PATH, unit), self.namespace)

    @property
    def calls(self) -> list[tuple[Any, Any]]:
        return [(call.args, call.kwargs) for call in self.recorder.calls]


def test_arguments_are_kept_as_they_were() -> None:
    watched = Recorded("def add(items, *more, key=None):\n    items.extend(more)\n    return len(items)\n", "add")
    items = [1]
    assert watched.namespace["add"](items, 2, 3, key="k") == 3
    assert items == [1, 2, 3]
    assert watched.calls == [(([1], 2, 3), {"key": "k"})]


def test_calls_of_itself_are_not_recorded() -> None:
    watched = Recorded("def count(n):\n    return 1 + count(n - 1) if n else 0\n", "count")
    assert watched.namespace["count"](5) == 5
    assert watched.calls == [((5,), {})]


def test_a_call_that_raises_is_recorded() -> None:
    watched = Recorded("def fail(n):\n    return 1 // n\n", "fail")
    with pytest.raises(ZeroDivisionError):
        watched.namespace["fail"](0)
    assert watched.calls == [((0,), {})]


def test_what_cannot_be_copied_is_counted() -> None:
    watched = Recorded("def f(lock):\n    return 1\n", "f")
    assert watched.namespace["f"](threading.Lock()) == 1
    assert (watched.calls, watched.recorder.seen, watched.recorder.uncopied) == ([], 1, 1)


def test_methods_and_super() -> None:
    text = """
        class Base:
            def total(self, n):
                return n

        class Basket(Base):
            def total(self, n):
                return super().total(n) + 1
    """
    watched = Recorded(text, "Basket.total", first_line=6)
    assert watched.namespace["Basket"]().total(4) == 5
    ((basket, n), _) = watched.calls[0]
    assert (type(basket).__name__, n) == ("Basket", 4)


def test_one_test_does_not_crowd_out_the_others() -> None:
    watched = Recorded("def f(n):\n    return n\n", "f")
    watched.recorder.begin("first")
    for n in range(500):
        watched.namespace["f"](n)
    watched.recorder.begin("second")
    watched.namespace["f"](-1)
    assert {call.test for call in watched.recorder.calls} == {"first", "second"}
    assert len(watched.calls) < 100


def test_afterwards_the_function_is_what_it_was() -> None:
    watched = Recorded("def f(n, m=2):\n    return n * m\n", "f")
    watched.recorder.stop()
    assert watched.namespace["f"](3) == 6
    assert watched.calls == []
