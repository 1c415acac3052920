"""Finding the function that a target means, and the reasons for finding none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from secant.errors import BadRequest, NotOptimizable, SourceSyntaxError, TargetNotFound
from secant.functions.locate import LocatedFunction, locate
from secant.functions.target import Target
from secant.functions.textfile import text_file

SHOP = '''\
"""A shop."""
import functools
from typing import Protocol, overload
from prices import rounded

RATE = 0.2
double = lambda n: n * 2
tripled = functools.partial(pow, 3)


def total(items: list[int], *, tax: float = 0.0) -> float:
    def add(a, b):
        return a + b

    return functools.reduce(add, items)


@functools.lru_cache(
    maxsize=None
)
@rounded
async def fetch(
    name,
):
    return name  # the end


class Basket:
    """A basket."""

    def __init__(self):
        self.items = []

    @property
    def sum(self):
        return sum(self.items)

    @sum.setter
    def sum(self, value):
        self.items = [value]

    @sum.deleter
    def sum(self):
        self.items = []

    @classmethod
    def empty(cls):
        return cls()

    @staticmethod
    def rate():
        return RATE

    @functools.cached_property
    def key(self): return tuple(self.items)

    async def each(self):
        for item in self.items:
            yield item

    class Line:
        def price(self):
            return 1

    def nested(self):
        class Local:
            def run(self):
                return (lambda: (yield))
        return Local


if RATE > 1:
    def tax():
        return 1
elif RATE:
    def tax():
        return 2
else:
    try:
        def tax():
            return 3
    except NameError:
        pass


@overload
def size(x: int) -> int: ...
@overload
def size(x: str) -> str: ...
def size(x):
    return x


class Shape(Protocol):
    def area(self) -> float: ...

    def twice(self) -> float:
        return self.area() * 2
'''


def find(wanted: str | int, source: str = SHOP, path: str = "shop.py") -> LocatedFunction:
    file = text_file(Path(path), source.encode())
    name, line = (wanted, None) if isinstance(wanted, str) else (None, wanted)
    return locate(file, Target(path=file.path, name=name, line=line))


def line_of(text: str, source: str = SHOP) -> int:
    return source[: source.index(text)].count("\n") + 1


# --- by name


@pytest.mark.parametrize(
    ("name", "qualname", "kind", "start"),
    [
        ("total", "total", "function", "def total"),
        ("total.add", "total.<locals>.add", "function", "    def add"),
        ("fetch", "fetch", "function", "@functools.lru_cache"),
        ("Basket.__init__", "Basket.__init__", "method", "    def __init__"),
        ("Basket.sum", "Basket.sum", "property", "    @property"),
        ("Basket.sum.setter", "Basket.sum", "setter", "    @sum.setter"),
        ("Basket.sum.deleter", "Basket.sum", "deleter", "    @sum.deleter"),
        ("Basket.empty", "Basket.empty", "classmethod", "    @classmethod"),
        ("Basket.rate", "Basket.rate", "staticmethod", "    @staticmethod"),
        ("Basket.key", "Basket.key", "cached_property", "    @functools.cached_property"),
        ("Basket.each", "Basket.each", "method", "    async def each"),
        ("Basket.Line.price", "Basket.Line.price", "method", "        def price"),
        ("Basket.nested.Local.run", "Basket.nested.<locals>.Local.run", "method", "            def run"),
        ("size", "size", "function", "def size(x):"),
        ("Shape.twice", "Shape.twice", "method", "    def twice"),
    ],
)
def test_by_name(name: str, qualname: str, kind: str, start: str) -> None:
    located = find(name)
    assert (located.qualname, located.kind) == (qualname, kind)
    assert located.text.startswith(start)
    assert located.first_line == line_of(start)


def test_the_text_is_the_exact_lines() -> None:
    lines = SHOP.splitlines(keepends=True)
    located = find("fetch")
    assert located.text == "".join(lines[located.first_line - 1 : located.last_line])
    assert located.text.endswith("    return name  # the end\n")


def test_the_text_ends_with_a_newline_where_the_file_does_not() -> None:
    located = find("f", "def f():\r\n    return 1")
    assert located.text == "def f():\n    return 1\n"
    assert located.last_line == 2


def test_of_several_definitions_the_last_wins_and_the_others_are_named() -> None:
    located = find("tax")
    assert "return 3" in located.text
    assert located.also_at == (line_of("    def tax"), line_of("return 2") - 1)


def test_units_are_the_outermost_functions() -> None:
    assert find("total.add").unit == "total"
    assert find("Basket.nested.Local.run").unit == "Basket.nested"
    assert find("Basket.Line.price").unit == "Basket.Line.price"


def test_what_kind_of_code_it_is() -> None:
    each, fetch, run = find("Basket.each"), find("fetch"), find("Basket.nested.Local.run")
    assert (each.is_async, each.is_generator) == (True, True)
    assert (fetch.is_async, fetch.is_generator) == (True, False)
    assert not run.is_generator, "a lambda's yield is its own"
    assert (each.class_name, find("total.add").class_name, run.class_name) == ("Basket", None, "Local")


def test_the_signature_is_for_reading() -> None:
    assert find("total").signature == "(items: list[int], *, tax: float=0.0) -> float"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("__new__", "staticmethod"), ("__init_subclass__", "classmethod"), ("__class_getitem__", "classmethod")],
)
def test_methods_that_are_static_or_of_the_class_by_their_name(name: str, kind: str) -> None:
    assert find(f"A.{name}", f"class A:\n    def {name}(cls):\n        return 1\n").kind == kind


def test_a_setter_without_a_getter_is_found_by_its_plain_name() -> None:
    source = "class A(B):\n    @B.x.setter\n    def x(self, value):\n        self.y = value\n"
    assert find("A.x", source).kind == "setter"


def test_a_function_called_setter_is_a_function() -> None:
    assert find("A.setter", "class A:\n    def setter(self):\n        return 1\n").kind == "method"


# --- by line


@pytest.mark.parametrize(
    ("text", "qualname"),
    [
        ("    maxsize=None", "fetch"),
        ("@rounded", "fetch"),
        ("    return name", "fetch"),
        ("        return a + b", "total.<locals>.add"),
        ("    return functools", "total"),
        ("    @sum.setter", "Basket.sum"),
        ("                return (lambda", "Basket.nested.<locals>.Local.run"),
        ("            def run", "Basket.nested.<locals>.Local.run"),
        ("        class Local", "Basket.nested"),
        ("        return 2", "tax"),
    ],
)
def test_by_line_the_innermost_function(text: str, qualname: str) -> None:
    assert find(line_of(text)).qualname == qualname


def test_a_line_is_exact_among_several_definitions() -> None:
    assert "return 2" in find(line_of("        return 2")).text


def test_a_decorator_belongs_to_its_function_from_its_at_sign_on() -> None:
    source = "x = 1\n@(\n    cache\n)\ndef f():\n    return 1\n"
    assert [find(line, source).first_line for line in (2, 3, 4, 5, 6)] == [2] * 5


def test_form_feeds_and_unicode_separators_are_no_lines() -> None:
    source = "s = '\u2028\x0c\x85'\n\x0cdef f():\n    return '\u2029'\n\ndef g():\n    return 2\n"
    located = find(6, source)
    assert (located.qualname, located.first_line, located.last_line) == ("g", 5, 6)


def test_a_thousand_branches_are_no_problem() -> None:
    chain = "".join(f"elif x == {n}:\n    pass\n" for n in range(1200))
    located = find("f", f"if x:\n    pass\n{chain}else:\n    def f():\n        return 1\n")
    assert located.first_line == 2404


# --- refused, with a reason and what to do


def refusal(wanted: str | int, source: str = SHOP, path: str = "shop.py") -> BadRequest:
    with pytest.raises(BadRequest) as caught:
        find(wanted, source, path)
    return caught.value


@pytest.mark.parametrize(
    ("wanted", "kind", "message", "hint"),
    [
        ("Basket", NotOptimizable, "Basket is a class", "Name one of its methods: Basket.__init__, Basket.sum"),
        ("double", NotOptimizable, "double is a lambda", "def double(n): return n * 2"),
        ("tripled", NotOptimizable, "tripled is assigned", "made from"),
        ("rounded", NotOptimizable, "rounded is imported from prices", "the file that defines it"),
        ("Shape.area", NotOptimizable, "Shape.area is a stub", "a class that implements it"),
        ("totl", TargetNotFound, "no function totl", "Did you mean total"),
        ("price", TargetNotFound, "no function price", "Basket.Line.price"),
        ("Basket.emtpy", TargetNotFound, "no function Basket.emtpy", "Basket.empty"),
        ("zzzzzz", TargetNotFound, "no function zzzzzz", "The file defines total, total.add, fetch"),
        (line_of("double = "), NotOptimizable, "double is a lambda", "def double"),
        (line_of("@overload"), NotOptimizable, "an overload of size", f"shop.py:{line_of('def size(x):')}"),
        (line_of("class Basket"), TargetNotFound, "in class Basket", "Name one of its methods"),
        (line_of("RATE"), TargetNotFound, "no function at this line", "total (lines 11-15)"),
        (line_of("elif RATE"), TargetNotFound, "no function at this line", "tax (lines"),
        (5000, TargetNotFound, "the file has only", ""),
    ],
)
def test_refuses_with_a_reason(wanted: str | int, kind: type[BadRequest], message: str, hint: str) -> None:
    error = refusal(wanted)
    assert type(error) is kind
    assert message in error.message
    assert hint in error.hint
    assert (error.where or "").startswith("shop.py")


def test_an_overload_without_implementation_is_refused_by_name() -> None:
    source = "from typing import overload\n@overload\ndef f(x: int): ...\n"
    assert "overload" in refusal("f", source).message


@pytest.mark.parametrize(
    "source",
    [
        "class A(abc.ABC):\n    def f(self):\n        '''Doc.'''\n        raise NotImplementedError('soon')\n",
        "class A(metaclass=ABCMeta):\n    def f(self): pass\n",
        "class A(Protocol[T]):\n    def f(self):\n        '''Doc.'''\n",
        "class A:\n    @abstractmethod\n    def f(self):\n        ...\n",
    ],
)
def test_a_body_that_does_nothing_in_an_abstract_class_is_a_stub(source: str) -> None:
    assert "is a stub" in refusal("A.f", source).message


def test_a_body_that_does_something_is_not_a_stub() -> None:
    source = "class A(ABC):\n    @abstractmethod\n    def f(self):\n        return 1\n"
    assert find("A.f", source).qualname == "A.f"


def test_a_file_without_functions_says_so() -> None:
    assert refusal("f", "x = 1\n").hint == "The file defines no function."
    assert refusal(1, "x = 1\n").hint == "The file defines no function."


def test_a_class_without_methods_says_so() -> None:
    assert refusal("A", "class A:\n    x = 1\n").hint == "It has no methods."


def test_a_syntax_error_shows_line_text_and_caret() -> None:
    error = refusal("f", "def f():\n\treturn (1 +\n", "shop.py")
    assert isinstance(error, SourceSyntaxError)
    assert error.where == "shop.py:2"
    assert "was never closed" in error.message
    text, caret, *_ = error.hint.splitlines()
    assert text == "    \treturn (1 +"
    assert re.fullmatch(r"    \t +\^", caret)
    assert text[caret.index("^")] == "("


def test_a_nul_byte_is_a_syntax_error() -> None:
    assert isinstance(refusal("f", "def f():\n    return '\0'\n"), SourceSyntaxError)


def test_an_invalid_escape_is_not_reported(recwarn: pytest.WarningsRecorder) -> None:
    find("f", "def f():\n    return '\\d'\n")
    assert not recwarn.list


@pytest.mark.parametrize(("path", "message"), [("shop.pyi", "stub file"), ("README.md", "not a Python file")])
def test_only_python_files(path: str, message: str) -> None:
    assert message in refusal("f", "def f(): ...\n", path).message


def test_the_file_is_not_part_of_a_dump() -> None:
    assert "file" not in find("total").model_dump()
