"""Imports and helpers that a candidate brings along: where they land, what is refused; nothing else changes."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.errors import WriteRefused
from secant.functions import writeback
from secant.functions.additions import is_plain, split
from secant.functions.landing import Landing, land
from secant.functions.locate import LocatedFunction, locate
from secant.functions.target import parse_target
from secant.functions.textfile import text_file

SHOP = '''\
"""A shop."""

from __future__ import annotations

import os
from math import floor

RATE = 2


# Where it all lies.
@os.fspath
class Basket:
    def total(self):
        return sum(self.items)


def other(time):
    return floor(time)
'''


def located(text: str | bytes, target: str = "shop.py::Basket.total") -> LocatedFunction:
    raw = text if isinstance(text, bytes) else text.encode()
    return locate(text_file(Path("shop.py"), raw), parse_target(target))


def landed(new: str, text: str | bytes = SHOP, target: str = "shop.py::Basket.total") -> Landing:
    return land(located(text, target), new)


def test_imports_go_behind_the_others_and_helpers_above_the_class_with_its_comment() -> None:
    new = (
        "from collections import deque\nimport os\n\n\ndef halves(n):\n    return n / 2\n\nFACTOR = 3\n"
        "    def total(self):\n        return halves(deque(self.items)[0])\n"
    )
    before, after = SHOP.split("\n\nRATE", 1)
    above, below = after.split("# Where", 1)
    expected = (
        f"{before}\nfrom collections import deque\n\nRATE{above}"
        "def halves(n):\n    return n / 2\n\n\nFACTOR = 3\n\n\n"
        f"# Where{below.replace('sum(self.items)', 'halves(deque(self.items)[0])')}"
    )
    found = landed(new)
    assert found.file.text == expected
    assert found.function == "    def total(self):\n        return halves(deque(self.items)[0])\n"
    assert found.added == (
        "from collections import deque\ndef halves(n):\n    return n / 2\n\n\nFACTOR = 3\n\n\n"
    )  # fmt: skip
    assert found.file.lines[found.added_line + 1 - 1] == "def halves(n):"
    assert not found.quiet


def test_what_stands_beside_a_method_may_be_indented_like_it() -> None:
    even = "import heapq\n\ndef half(n):\n    return heapq.nsmallest(1, n)\n"
    new = (
        "".join(f"    {line}\n" if line else "\n" for line in even.splitlines())
        + "    def total(self):\n        pass\n"
    )
    mixed = even + "\n    def total(self):\n        pass\n"
    assert landed(new).file == landed(mixed).file
    assert "\ndef half(n):\n    return heapq.nsmallest(1, n)\n\n\n# Where" in landed(new).file.text


def test_lines_of_the_file_are_lines_of_the_text() -> None:
    new = "import re\n\n# why\ndef half(n):\n    return n / 2\n\ndef other(time):\n    return half(time)\n"
    found = landed(new, target="shop.py::other")
    mapped = {number: found.line_in_text(number) for number in range(1, len(found.file.lines) + 1)}
    lines = new.split("\n")
    shown = {number: line for number, line in mapped.items() if line is not None}
    assert [lines[line - 1] for line in shown.values()] == [found.file.lines[number - 1] for number in shown]
    assert sorted(shown.values()) == [3, 4, 5, 7, 8]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("def f():\n    pass\n", 0),
        ("#!/usr/bin/python\n# coding: utf-8\ndef f():\n    pass\n", 2),
        ("#!/usr/bin/python\n# licence\n\nx = 1\ndef f():\n    pass\n", 3),
        ("# about f\ndef f():\n    pass\n", 0),
        ('"""Docstring."""\n\ndef f():\n    pass\n', 2),
        ("from __future__ import annotations\nx = 1\ndef f():\n    pass\n", 1),
        ("import a; x = [\n1]\ndef f():\n    pass\n", 2),
    ],
)
def test_where_imports_go(text: str, place: int) -> None:
    found = landed("import heapq\ndef f():\n    return heapq\n", text, "shop.py::f")
    assert found.file.lines.index("import heapq") == place
    assert ast.get_docstring(ast.parse(found.file.text)) == ast.get_docstring(ast.parse(text))
    assert found.file.text.endswith("def f():\n    return heapq\n")


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ("def other():\n    return 1\n", "the name other, which the module has already"),
        ("RATE = 3\n", "the name RATE, which the module has already"),
        ("from math import ceil as floor\n", "the name floor, which the module has already"),
        ("def sum(x):\n    return x\n", "the name sum, which is a built-in one"),
        ("def a():\n    return 1\ndef a():\n    return 2\n", "the name a twice"),
        ("import heapq\nheapq = 3\n", "the name heapq twice"),
        ("from os import *\n", "import \\*"),
        ("from __future__ import division\n", "would change the whole module"),
        ("print('hello')\n", "no import and no definition: print\\('hello'\\)"),
        ("x.y = 1\n", "no import and no definition"),
        ("def __half(n):\n    return n\n", "means another one inside of a class"),
        ("a = 1; b = 2\n", "several statements in one line"),
        ("x = 1 +\n", "not exactly one function definition"),
    ],
)
def test_what_cannot_be_added_is_refused(added: str, message: str) -> None:
    with pytest.raises(WriteRefused, match=message) as caught:
        landed(f"{added}\n    def total(self):\n        return 1\n")
    assert "Nothing was written" in caught.value.hint


def test_a_name_that_other_code_takes_from_elsewhere_is_refused() -> None:
    text = "from stuff import *\ndef f():\n    return 1\ndef g(tools):\n    return half(tools)\n"
    assert landed("import tools\ndef f():\n    return tools\n", text, "shop.py::f").added == "import tools\n"
    with pytest.raises(WriteRefused, match="the name half, which other code of the module uses"):
        landed("def half(n):\n    return n\ndef f():\n    return half(2)\n", text, "shop.py::f")
    nested = "def f():\n    half = 3\n    def g():\n        return half\n    return g\n"
    with pytest.raises(WriteRefused, match="the name half, which other code"):
        landed("import half\n    def g():\n        return half\n", nested, "shop.py::f.<locals>.g")


def test_what_the_module_has_word_for_word_is_not_added_again() -> None:
    new = (
        "from __future__ import annotations\nimport os\nfrom math import floor\nRATE = 2\n"
        "def other(time):\n    return floor(time)\n\n    def total(self):\n        return 1\n"
    )
    found = landed(new)
    assert found.added == ""
    assert found.file.text == SHOP.replace("sum(self.items)", "1")


def test_comments_around_the_function_and_a_main_block_are_left_out() -> None:
    new = "# better\n    def total(self):\n        return 1\n    # end\n"
    assert landed(new).file.text == SHOP.replace("sum(self.items)", "1")
    new = 'def other(time):\n    return 1\n\nif __name__ == "__main__":\n    print(other(2))\n'
    assert landed(new, target="shop.py::other").file.text == SHOP.replace("floor(time)", "1")


def test_a_method_more_is_refused() -> None:
    with pytest.raises(WriteRefused, match="it adds the method more"):
        landed("    def total(self):\n        return 1\n\n    def more(self):\n        return 2\n")


def test_a_submodule_is_imported_beside_its_package() -> None:
    text = "import xml\ndef f():\n    return xml\n"
    assert landed("import xml.dom\ndef f():\n    return xml.dom\n", text, "shop.py::f").added == "import xml.dom\n"
    assert landed("import xml.dom\nimport xml.sax\ndef f():\n    return 1\n", text, "shop.py::f").added.count("\n") == 2


@pytest.mark.parametrize(
    ("added", "quiet"),
    [
        ("import heapq\nfrom collections import deque\n", True),
        ("def half(n: int = 3) -> list[int]:\n    return other(n)\n", True),
        ("import tools\n", False),
        ("from .tools import a\n", False),
        ("TABLE = {}\n", False),
        ("class A:\n    pass\n", False),
        ("def half(n=RATE):\n    return n\n", False),
        ("@RATE\ndef half(n):\n    return n\n", False),
        ("def half(n: Basket):\n    return n\n", False),
    ],
)
def test_what_evaluates_something_of_the_module_on_import_is_known(added: str, quiet: bool) -> None:
    assert landed(f"{added}def other(time):\n    return 1\n", target="shop.py::other").quiet == quiet


def test_the_diff_is_what_git_takes(tmp_path: Path) -> None:
    path = tmp_path / "shop.py"
    path.write_text(SHOP)
    new = "import heapq\n\ndef half(n):\n    return n\n\ndef other(time):\n    return half(heapq)\n"
    found = locate(text_file(path, path.read_bytes()), parse_target("shop.py::other"))
    (tmp_path / "change.patch").write_text(writeback.preview_diff(found, new, root=tmp_path))
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "change.patch"], cwd=tmp_path, check=True)
    assert path.read_bytes() == land(found, new).file.raw


@pytest.mark.parametrize(
    "text", ["def f(\n    a,\n) -> int:\n    return 1\n", "    @x(\n    )\n    def f(self):\n        pass\n"]
)
def test_a_function_is_known_at_a_glance(text: str) -> None:
    assert is_plain(text, "f")
    assert split(text, "f").none


# --- whatever the file


BEFORE = ["import math", "", "x = 'é'", "# note", "if x:\tpass", "y = '\x85\u2028\x0c'", "def g(): return x", "\x0c"]
AFTER = ["", "def after():", "\treturn 1", "# é end", ""]
ADDED = [
    "import heapq",
    "from collections import deque as d",
    "def half(n):\n\treturn n",
    "# why\nK = 'é'",
    "class C:\n\n\tp = 1",
]
ENDS = st.sampled_from(["\n", "\r\n"])


@st.composite
def landings(draw: st.DrawFn) -> tuple[bytes, LocatedFunction, str, list[str]]:
    method, indent = draw(st.booleans()), draw(st.sampled_from(["\t", "    "]))
    before = draw(st.lists(st.sampled_from(BEFORE), max_size=6))
    head = draw(st.sampled_from([[], ["#!/bin/python"], ["# coding: utf-8", '"""Doc."""'], ['"""Doc."""', ""]]))
    margin = indent if method else ""
    own = [f"{margin}def f(n):", f"{margin}{indent}return n"]
    whole = [*head, *before, *(["class Box:"] if method else []), *own, *draw(st.sampled_from([[], AFTER]))]
    common = draw(ENDS)
    text = "".join(line + (draw(ENDS) if draw(st.booleans()) else common) for line in whole)
    if draw(st.booleans()):
        text = text.removesuffix("\n").removesuffix("\r")
    raw = (b"\xef\xbb\xbf" if draw(st.booleans()) and "#!" not in text else b"") + text.encode()
    added = draw(st.lists(st.sampled_from(ADDED), unique=True, max_size=5))
    new = "".join(f"{part}\n" for part in added) + f"{margin}def f(n):\n{margin}{indent}return n + 1\n"
    return raw, located(raw, "shop.py::Box.f" if method else "shop.py::f"), new, added


@given(landings())
def test_without_what_landed_the_file_is_what_it_was(case: tuple[bytes, LocatedFunction, str, list[str]]) -> None:
    raw, where, new, added = case
    found = land(where, new)
    assert all(line in found.file.text for part in added for line in part.split("\n") if line.strip())
    before, after = where.file.raw_lines[: where.first_line - 1], where.file.raw_lines[where.last_line :]
    end = found.first_line + where.last_line - where.first_line
    assert _is_rest(before, found.file.raw_lines[: found.first_line - 1])
    assert found.file.raw_lines[end:] == after
    assert found.file.bom == raw.startswith(b"\xef\xbb\xbf")
    old, now = (ast.parse(file.text) for file in (where.file, found.file))
    assert ast.get_docstring(now) == ast.get_docstring(old)
    assert len(now.body) - len(old.body) == len(added)
    home = next(n for n, node in enumerate(old.body) if (node.end_lineno or 0) >= where.first_line)
    assert [*map(ast.dump, old.body[:home])] == [
        d for d in map(ast.dump, now.body) if d in map(ast.dump, old.body[:home])
    ]


@given(landings())
def test_what_landed_lands_once(case: tuple[bytes, LocatedFunction, str, list[str]]) -> None:
    _, where, new, _ = case
    once = land(where, new).file.raw
    again = land(located(once, f"shop.py::{where.qualname}"), new)
    assert (again.added, again.file.raw) == ("", once)


def _is_rest(old: Sequence[bytes], new: Sequence[bytes]) -> bool:
    """Whether `old` is what is left of `new` without some of its lines."""
    lines = iter(new)
    return all(line in lines for line in old)
