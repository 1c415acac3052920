"""Functions of a text: names, places, and the same answer after a change as from the beginning."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.functions.locate import locate
from secant.functions.target import Target
from secant.functions.textfile import text_file
from secant_server.blocks import PIECE, Problem
from secant_server.outline import Outlines, outline
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

A = Path("/a.py")
BLOCKS = (
    "x = 1\n",
    "\n",
    "# a comment\n",
    "def f(a):\n    return a\n",
    "    # indented comment\n",
    "class A:\n    s = 'Sort {x}'\n    def m(self):\n        return 1\n",
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

LONG = (
    'def one():\n    return """\n',
    "def not_one():\n",
    'class Neither: pass\n"""\n',
    "\n",
    "@(\n    decorate\n)\n",
    "def two(\n): pass\n",
)
"""Together they parse; what begins at the left margin is not always a statement."""


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


PIECES = st.sampled_from([1, 3, PIECE])
"""Lines that are read at once. The texts are shorter than the usual number, so `outline` reads each of them whole."""


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(BLOCKS), max_size=6), min_size=2, max_size=5), PIECES)
def test_a_changed_text_is_read_as_if_it_were_new(versions: list[list[str]], piece: int) -> None:
    outlines = Outlines(piece)
    for version, blocks in enumerate(versions):
        text = "".join(blocks)
        assert outlines.of("file:///a.py", version, text) == outline(text, A)


@settings(max_examples=200, deadline=None)
@given(st.data(), PIECES)
def test_one_change_in_a_long_text_is_read_as_if_it_were_new(data: st.DataObject, piece: int) -> None:
    blocks = [data.draw(st.sampled_from(BLOCKS[:8])) for _ in range(8)]
    outlines = Outlines(piece)
    for version in range(4):
        text = "".join(blocks)
        assert outlines.of("file:///a.py", version, text) == outline(text, A)
        at = data.draw(st.integers(0, len(blocks) - 1))
        if data.draw(st.booleans()):
            blocks.insert(at, data.draw(st.sampled_from(BLOCKS)))
        else:
            blocks[at : at + 1] = [data.draw(st.sampled_from(BLOCKS))]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from((*BLOCKS, *LONG)), max_size=12))
def test_a_text_is_read_in_pieces_as_it_is_at_once(blocks: list[str]) -> None:
    text = "".join(blocks)
    assert Outlines(1).of("file:///a.py", 1, text) == outline(text, A)


def test_a_piece_does_not_end_inside_a_string_or_behind_a_decorator() -> None:
    found = Outlines(1).of("file:///a.py", 1, "".join(LONG))
    assert [(f.name, f.span) for f in found.functions] == [("one", Span(0, 5)), ("two", Span(6, 11))]


def read_by(outlines: Outlines, text: str, version: int) -> int:
    """How many lines Python's parser was given for the text."""
    seen = 0
    parse = ast.parse

    def counted(source: str) -> ast.Module:
        nonlocal seen
        seen += source.count("\n")
        return parse(source)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secant_server.blocks.ast.parse", counted)
        outlines.of("file:///a.py", version, text)
    return seen


def test_a_text_that_parses_again_is_read_where_it_was_broken() -> None:
    text = "".join(f"def f{i}(a):\n    return a\n\n\n" for i in range(500))
    broken = text.replace("def f250(a):", "def f250(a:")
    outlines = Outlines()
    assert read_by(outlines, text, 1) == 2000
    assert outlines.of("file:///a.py", 2, broken).problem == Problem(1000, "'(' was never closed")
    assert read_by(outlines, text.replace("def f250(a):", "def f250(a, b):"), 3) < 20


@pytest.mark.asyncio
async def test_others_get_their_turn_while_a_long_text_is_read() -> None:
    text = "".join(f"def f{i}(a):\n    return a\n\n\n" for i in range(500))
    outlines, turns = Outlines(), 0
    reading = [asyncio.create_task(outlines.soon("file:///a.py", 1, text)) for _ in range(2)]
    while not all(task.done() for task in reading):
        turns += 1
        await asyncio.sleep(0)
    assert turns >= 2000 // PIECE
    assert [task.result() for task in reading] == [outline(text, A)] * 2
    assert read_by(outlines, text, 1) == 0
