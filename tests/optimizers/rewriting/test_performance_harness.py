"""The means of the performance tests: apply the rules, run old and new alike, compare all that can be seen."""

from __future__ import annotations

import copy
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Any

import pytest

from secant.rewriting.edit import Rewrite
from secant.rewriting.facts import Facts
from secant.rewriting.performance import rewrites
from secant.rewriting.source import FunctionSource


def candidates(text: str, facts: Facts, rule: str | None = None) -> list[Rewrite]:
    """The rewrites of `text`, of one rule or of all."""
    found = rewrites(FunctionSource(text), facts)
    return [rewrite for rewrite in found if rule in (None, rewrite.rule)]


def compiled(text: str, surroundings: str = "") -> Callable[..., Any]:
    """The function that `text` defines, in a module of its own."""
    module: dict[str, Any] = {"__name__": "subject"}
    exec(surroundings, module)
    exec("if 1:\n" + text if text[0] in " \t" else text, module)
    function = module[FunctionSource(text).node.name]
    return getattr(function, "__wrapped__", function)


def seen(function: Callable[..., Any], arguments: Sequence[Any]) -> tuple[Any, ...]:
    """All that a caller sees of one call: the result or the exception's type, and the arguments after."""
    own = copy.deepcopy(list(arguments))
    try:
        outcome = ("returned", function(*own))
    except Exception as error:  # noqa: BLE001 # because whatever the old version raises, the new one must raise too
        outcome = ("raised", type(error))
    return described(outcome), described(own)


def described(value: Any) -> Any:
    """The value with the types of everything in it: 1, 1.0 and True differ, a list is no tuple, order counts."""
    if isinstance(value, list | tuple):
        return type(value).__name__, [described(item) for item in value]
    if isinstance(value, dict):
        return type(value).__name__, [(described(key), described(item)) for key, item in value.items()]
    if isinstance(value, float) and math.isnan(value):
        return "float", "nan"
    return type(value).__name__, value


def assert_same(text: str, rewrite: Rewrite, calls: Sequence[Sequence[Any]], surroundings: str = "") -> None:
    """Old and new look the same on every call."""
    old, new = compiled(text, surroundings), compiled(rewrite.text, surroundings)
    for arguments in calls:
        assert seen(new, arguments) == seen(old, arguments), f"{rewrite.rule} differs on {arguments}\n{rewrite.text}"


def observed(
    function: Callable[..., Any], run: Callable[[Callable[..., Any]], object]
) -> Mapping[str, tuple[str, ...]]:
    """Local names of the function to the types that they held while `run` called it."""
    types: dict[str, set[str]] = {}
    steps = iter(range(1000))  # enough to see the types; tracing a long loop to its end would only be slow

    def watch(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code is not function.__code__ or next(steps, None) is None:
            return None
        for name, value in frame.f_locals.items():
            types.setdefault(name, set()).add(type(value).__name__)
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        run(function)
    finally:
        sys.settrace(before)
    return {name: tuple(sorted(kinds)) for name, kinds in types.items()}


def facts_of(text: str, calls: Sequence[Sequence[Any]], surroundings: str = "", **known: Any) -> Facts:
    """Facts with the types that the calls show, as the engine records them."""

    def run(function: Callable[..., Any]) -> None:
        for arguments in calls:
            seen(function, arguments)

    types = observed(compiled(text, surroundings), run)
    return Facts(variable_types=types, **known)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def f(xs):\n    return xs\n", "def f(xs):\n    return tuple(xs)\n"),
        ("def f(xs):\n    return xs\n", "def f(xs):\n    xs.append(1)\n    return xs[:-1]\n"),
        ("def f(xs):\n    return xs[0]\n", "def f(xs):\n    return xs[0] if xs else None\n"),
        ("def f(xs):\n    return 1\n", "def f(xs):\n    return 1.0\n"),
    ],
)
def test_a_difference_that_a_caller_sees_is_found(old: str, new: str) -> None:
    with pytest.raises(AssertionError):
        assert_same(old, Rewrite("wrong", new, "", 1.0), [([],), ([3, 1],)])


def test_types_are_recorded_as_they_were_held() -> None:
    text = "def f(x):\n    y = x * 2\n    y = str(y)\n    return y\n"
    assert facts_of(text, [(1,), (1.5,)]).variable_types == {"x": ("float", "int"), "y": ("float", "int", "str")}
