"""The unit: texts compiled as if they stood in the file, and swapped into functions that live already."""

import functools
import textwrap
from typing import Any

import pytest

from secant.functions.worker.unit import Unit, Unswappable, existing_functions, install, parse_function

PATH = "memory/basket.py"


class World:
    """A module made of a text, and the unit of one of its functions."""

    def __init__(self, module: str, qualname: str, first_line: int, last_line: int) -> None:
        module = textwrap.dedent(module).lstrip("\n")
        self.namespace: dict[str, Any] = {"__name__": "basket", "functools": functools}
        exec(compile(module, PATH, "exec"), self.namespace)
        self.text = "\n".join(module.split("\n")[first_line - 1 : last_line]) + "\n"
        self.unit = Unit(PATH, qualname, first_line, self.text, 0)
        self.functions = existing_functions(PATH, self.unit)

    def swap(self, old: str, new: str) -> None:
        assert old in self.text
        install(self.functions, self.unit.compile(self.text.replace(old, new), None, self.namespace))


METHOD = '''
    class Base:
        def total(self, rate):
            return rate

    class Basket(Base):
        def __init__(self):
            self.__count = 2

        def total(self, rate=10):
            """What it costs."""
            return super().total(rate) + self.__count

    basket = Basket()
    bound = basket.total
    partial = functools.partial(Basket.total, basket, 5)
'''


def method() -> World:
    return World(METHOD, "Basket.total", 9, 11)


def test_every_reference_sees_the_candidate() -> None:
    world = method()
    world.swap("+ self.__count", "* self.__count")
    assert (world.namespace["bound"](), world.namespace["partial"](), world.namespace["basket"].total(3)) == (20, 10, 6)


def test_defaults_and_docstring_go_along() -> None:
    world = method()
    world.swap("rate=10", "rate=7 * 10")
    world.swap("What it costs.", "The sum.")
    assert world.namespace["Basket"].total.__doc__ == "The sum."
    world.swap("rate=10", "rate=70")
    assert world.namespace["bound"]() == 72


def test_parameters_may_be_renamed() -> None:
    world = method()
    install(world.functions, world.unit.compile(world.text.replace("rate", "percent"), None, world.namespace))
    assert world.namespace["bound"](percent=1) == 3


def test_line_numbers_are_those_of_the_file() -> None:
    world = method()
    world.swap("return super()", "return 1 / 0 + super()")
    with pytest.raises(ZeroDivisionError) as error:
        world.namespace["bound"]()
    assert error.traceback[-1].lineno + 1 == 11


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("def total", "@staticmethod\n    def total", "decorators"),
        ("rate=10", "rate: int = 10", "annotations"),
        ("rate=10", "rate=10, *, extra=1", "parameters"),
        ("def total", "def sum", "defines sum"),
        ("rate=10", "rate=unknown", "default cannot be evaluated"),
        ("super().total(rate) + ", "", "free vars"),
    ],
)
def test_what_a_swap_cannot_carry_over(old: str, new: str, why: str) -> None:
    with pytest.raises(Unswappable, match=why):
        method().swap(old, new)


def test_a_docstring_that_is_a_test_may_not_change() -> None:
    world = method()
    world.unit.docstring_is_test = True
    world.swap("return super()", "return 1 + super()")
    with pytest.raises(Unswappable, match="docstring"):
        world.swap("What it costs.", "The sum.")


def test_functions_of_another_line_or_file_are_not_meant() -> None:
    world = World("def f():\n    return 1\n\n\ndef g():\n    def f():\n        return 2\n    return f\n", "f", 1, 2)
    inner = world.namespace["g"]()
    world.swap("return 1", "return 3")
    assert (world.namespace["f"](), inner()) == (3, 2)


@pytest.mark.parametrize(
    "text", ["", "x = 1\n", "def f(): pass\ndef g(): pass\n", "def f(:\n", "  def f():\n pass\n", "lambda: 0\n"]
)
def test_only_one_function_is_a_text(text: str) -> None:
    with pytest.raises(SyntaxError):
        parse_function(text)


@pytest.mark.parametrize("text", ["def f(): pass\n", "    def f():\n        pass\n", "\tasync def f():\n\t\tpass\n"])
def test_lines_count_from_one_whatever_the_indentation(text: str) -> None:
    node = parse_function(text)
    assert (node.name, node.lineno) == ("f", 1)
