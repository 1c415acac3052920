"""Probes: where ticks stand, which lines and types are seen, what is left as it was."""

import ast
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from secant.functions.worker import probes
from secant.functions.worker.unit import parse_function

LOOPS = [
    "while True:\n        pass",
    "for _ in iter(int, 1):\n        pass",
    "return [0 for _ in iter(int, 1)]",
    "return {0 for _ in iter(int, 1)}",
    "return sum(0 for _ in iter(int, 1))",
    "return f()",
    "def inner():\n        return inner()\n    return inner()",
    "try:\n        while True:\n            pass\n    except Exception:\n        pass",
]


def made(text: str, transform: Callable[[Any], ast.AST] = probes.fuelled) -> tuple[Any, probes.Probes]:
    """The function with its probes, and their counters."""
    counters = probes.Probes()
    module = ast.Module(body=[transform(parse_function(textwrap.dedent(text)))], type_ignores=[])
    namespace: dict[str, Any] = dict(counters.names)
    exec(compile(module, "probed.py", "exec"), namespace)
    return namespace["f"], counters


@pytest.mark.parametrize("body", LOOPS)
def test_an_endless_run_ends_for_lack_of_fuel(body: str) -> None:
    function, counters = made(f"def f():\n    {body}\n")
    counters.refuel(100)
    with pytest.raises(probes.OutOfFuel):
        function()


def test_fuel_is_exact_and_refuelled() -> None:
    function, counters = made("def f(n):\n    for _ in range(n):\n        pass\n")
    for _ in range(3):
        counters.refuel(11)
        function(10)
        assert counters.ticks == 11
    counters.refuel(10)
    with pytest.raises(probes.OutOfFuel):
        function(10)


def test_lines_count_from_the_first_of_the_text_and_only_those_that_ran() -> None:
    text = '''
        def f(n):
            """A docstring is no line that runs."""
            global seen
            if n > 1:
                n += 1
            else:
                n -= 1
            try:
                return n
            finally:
                n = 0
    '''
    function, counters = made(text.lstrip("\n"), probes.observed)
    assert function(5) == 6
    assert sorted(line for line in counters.lines if line > 0) == [4, 5, 8, 9, 11]


def test_types_of_variables_and_of_attributes() -> None:
    function, counters = made("def f(self, n):\n    text = str(n)\n    return [c for c in text]\n", probes.observed)

    class Basket:
        def __init__(self) -> None:
            self.items = [1]

    function(Basket(), 12)
    function(Basket(), 1.5)
    assert counters.types["n"] == {"int", "float"}
    assert counters.types["text"] == {"str"}
    assert counters.attributes == {"items": {"list"}}


def test_entries_of_inner_functions_and_lambdas_are_hits() -> None:
    text = "def f():\n    def inner():\n        return 1\n    return inner, lambda: 2\n"
    tree = ast.parse("@str\ndef g(): pass\n" + text)
    assert probes.fuelled_in_module(tree, 3, "f")
    counters = probes.Probes()
    namespace: dict[str, Any] = dict(counters.names)
    exec(compile(tree, "probed.py", "exec"), namespace)
    first: list[int] = []
    counters.on_first_hit = lambda: first.append(counters.hits)
    inner, short = namespace["f"]()
    assert (inner(), short()) == (1, 2)
    assert counters.hits == 3
    assert first == [1]


def test_a_module_without_the_function_is_left_alone() -> None:
    tree = ast.parse("def f(): pass\n")
    before = ast.dump(tree)
    assert not probes.fuelled_in_module(tree, 2, "f")
    assert not probes.fuelled_in_module(tree, 1, "g")
    assert ast.dump(tree) == before


@pytest.mark.parametrize("transform", [probes.fuelled, probes.observed])
def test_docstring_generator_and_result_stay(transform: Callable[[Any], ast.AST]) -> None:
    text = '''
        def f(n):
            """Counts."""
            total = 0
            yield total
            total += n
            yield total
    '''
    function, _ = made(text, transform)
    assert function.__doc__ == "Counts."
    assert list(function(4)) == [0, 4]
