"""Functions of a text: names, places, and the same answer after a change as from the beginning."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.functions.locate import locate
from secant.functions.target import Target
from secant.functions.textfile import text_file
from secant_server.outline import Outlines, Problem, outline
from secant_server.text import Span

SOURCE = '''import functools


class Basket:
    """Things."""

    @property
    def total(self):
        return 1

    @total.setter
    def total(self, value):
        def inner():
            return value

        self.value = inner()


@functools.cache
@
(functools.wraps)
def decorated(): pass
'''.replace("@\n(functools.wraps)", "@(\n    functools.wraps(print)\n)")

BLOCKS = (
    "x = 1\n",
    "\n",
    "# a comment\n",
    "def f(a):\n    return a\n",
    "    # indented comment\n",
    "class A:\n    def m(self):\n        return 1\n",
    "if x:\n    def g(): pass\nelse:\n    def g(): return 2\n",
    "@decorated\ndef h():\n    pass\n",
    "    y = 2\n",
    "a = 1; b = (\n    2); c = 3\n",
    '"""text\n',
    '"""\n',
    "else:\n",
    "elif x:\n    pass\n",
    "def broken(\n",
    "\\\n",
    "@late\n",
    "z = 3",
    "\f\n",
)


def test_names_and_lines_are_those_of_the_engine() -> None:
    found = outline(SOURCE).functions
    file = text_file(Path("shop.py"), SOURCE.encode())
    assert [f.name for f in found] == [
        "Basket.total",
        "Basket.total",
        "Basket.total.<locals>.inner",
        "decorated",
    ]
    for function in found:
        located = locate(file, Target(path=Path("shop.py"), line=function.def_line + 1))
        assert (located.qualname, located.first_line - 1, located.last_line) == (function.name, *function.span)


def test_the_innermost_function_is_at_a_line() -> None:
    found = outline(SOURCE)
    inner = found.at(12)
    assert inner is not None
    assert inner.name == "Basket.total.<locals>.inner"
    assert found.at(0) is None
    assert [f.span for f in found.named("Basket.total")] == [Span(6, 9), Span(10, 16)]


@pytest.mark.parametrize(
    ("text", "line"),
    [("def f(:\n    pass\n", 0), ("x = 1\n\ndef f(a:\n", 2), ("\0", 0), ("(" * 10000, 0)],
    ids=["argument", "unclosed", "null byte", "too deep"],
)
def test_a_text_that_does_not_parse_says_where(text: str, line: int) -> None:
    found = outline(text)
    assert found.functions == ()
    assert isinstance(found.problem, Problem)
    assert found.problem.line == line
    assert found.problem.message


def test_line_ends_and_odd_separators_do_not_move_anything() -> None:
    plain = outline(SOURCE)
    assert outline(SOURCE.replace("\n", "\r\n")) == plain
    assert outline("s = '\u2028\x0c\x85'\n" + SOURCE).functions[0].span.start == plain.functions[0].span.start + 1


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(BLOCKS), max_size=6), min_size=2, max_size=5))
def test_a_changed_text_is_read_as_if_it_were_new(versions: list[list[str]]) -> None:
    outlines = Outlines()
    for version, blocks in enumerate(versions):
        text = "".join(blocks)
        assert outlines.of("file:///a.py", version, text) == outline(text)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_one_change_in_a_long_text_is_read_as_if_it_were_new(data: st.DataObject) -> None:
    blocks = [data.draw(st.sampled_from(BLOCKS[:8])) for _ in range(8)]
    outlines = Outlines()
    for version in range(4):
        text = "".join(blocks)
        assert outlines.of("file:///a.py", version, text) == outline(text)
        at = data.draw(st.integers(0, len(blocks) - 1))
        if data.draw(st.booleans()):
            blocks.insert(at, data.draw(st.sampled_from(BLOCKS)))
        else:
            blocks[at : at + 1] = [data.draw(st.sampled_from(BLOCKS))]
