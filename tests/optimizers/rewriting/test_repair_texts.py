"""Whatever the catalogue makes of a real function is one function, another one, with the same signature."""

from __future__ import annotations

import argparse
import ast
import asyncio.streams
import contextlib
import csv
import functools
import heapq
import inspect
import json.decoder
import shlex
import statistics
import string
import textwrap
import types
import warnings
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.rewriting.edit import Edit, apply
from secant.rewriting.facts import Facts
from secant.rewriting.repair import edits
from secant.rewriting.source import FunctionSource, parses

_MODULES = (
    argparse,
    asyncio.streams,
    contextlib,
    csv,
    functools,
    heapq,
    json.decoder,
    shlex,
    statistics,
    string,
    textwrap,
)
_LONGEST = 16


def _functions() -> Iterator[str]:
    for module in _MODULES:
        members = [value for _, value in sorted(vars(module).items())]
        classes = [value for value in members if inspect.isclass(value) and value.__module__ == module.__name__]
        members += [value for owner in classes for _, value in sorted(vars(owner).items())]
        for member in members:
            if isinstance(member, types.FunctionType) and member.__module__ == module.__name__:
                text = inspect.getsource(member)
                if text.count("\n") <= _LONGEST and parses(text):
                    yield text


_TEXTS = list(dict.fromkeys(_functions()))


@functools.lru_cache
def _catalogue(text: str) -> tuple[FunctionSource, list[Edit]]:
    source = FunctionSource(text)
    return source, list(edits(source, Facts(), "full"))


def _signature(text: str) -> str:
    node = FunctionSource(text).node
    return ast.dump(node.args) + node.name + "".join(ast.dump(decorator) for decorator in node.decorator_list)


def _compiles(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `x is 1` is a candidate like any other
            compile("if 1:\n" + text if text[:1].isspace() else text, "<candidate>", "exec")
    except SyntaxError:
        return False
    return True


def test_there_is_enough_to_try() -> None:
    assert len(_TEXTS) > 100


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(_TEXTS), st.data())
def test_every_text_is_one_other_function_with_the_same_signature(text: str, data: st.DataObject) -> None:
    _, found = _catalogue(text)
    if not found:
        return
    valid = _compiles(text)
    for edit in data.draw(st.lists(st.sampled_from(found), min_size=1, max_size=20)):
        changed = apply(text, edit.splices)
        assert parses(changed), edit
        assert _compiles(changed) or not valid, edit
        assert changed != text, edit
        assert 0 < edit.prior <= 1, edit
        assert edit.kind == "mutable default" or _signature(changed) == _signature(text), edit


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(_TEXTS))
def test_splices_are_ordered_and_inside_of_the_body(text: str) -> None:
    source, found = _catalogue(text)
    first = source.node.body[0]
    line = min([first.lineno, *(decorator.lineno for decorator in getattr(first, "decorator_list", ()))])
    start, _ = source.line_span(line, line)
    for edit in found:
        spans = sorted(edit.splices)
        assert all(before.end <= after.start for before, after in pairwise(spans))
        assert edit.kind == "mutable default" or spans[0].start >= start
        assert 1 <= edit.line <= text.count("\n") + 1


_AWKWARD = {
    "comment between operands": ("def f(a, b):\n    return (a  # and this\n            + b)\n"),
    "no line end": ("def f(a, b):\n    c = a\n    return c - b"),
    "one line": ("def f(a, b): return a < b\n"),
    "keyword and bracket": ("def f(a, b):\n    return(a+b)if(a)else(b)\n"),
    "bare generator": ("def f(a):\n    return sum(x*x for x in a if x)\n"),
    "bare tuple": ("def f(a, b):\n    return (a), (b)\n"),
    "accents": ("def f(é, ü):\n    ñ = é + ü  # größer\n    return 'ß' if ñ > é else ñ\n"),
    "semicolons": ("def f(a):\n    b = a; c = b\n    if a: return b\n    else: return c\n"),
    "tabs": ("def f(a):\n\tfor x in a:\n\t\tif x: continue\n\t\treturn x\n"),
    "elif and try": (
        "def f(a):\n"
        "    try:\n"
        "        if a:\n"
        "            return 1\n"
        "        elif a is None:\n"
        "            return 2\n"
        "        else:\n"
        "            pass\n"
        "    except (KeyError, ValueError) as error:\n"
        "        raise\n"
        "    finally:\n"
        "        print(a)\n"
    ),
    "long strings": (
        'def f(a):\n    if a:\n        x = """one\n  two"""\n        return x\n    return f"{a!r:>{10}}"\n'
    ),
    "async": (
        "async def f(a):\n"
        "    async with a as b:\n"
        "        async for c in b:\n"
        "            await c(1, *a, k=2)\n"
        "    return await b\n"
    ),
    "match": (
        "def f(a):\n"
        "    match a:\n"
        "        case [x, *_] if x > 1:\n"
        "            return x\n"
        "        case {'k': 1} | None:\n"
        "            return 2\n"
    ),
    "inner scopes": (
        "def f(a):\n"
        "    global g\n"
        "    def h(n=0):\n"
        "        nonlocal a\n"
        "        a = n\n"
        "        return lambda k: k + n\n"
        "    g = h\n"
        "    return h\n"
    ),
    "walrus and stars": (
        "def f(*a, **k):\n"
        "    if (n := len(a)) > 1:\n"
        "        return [*a, n], {**k, 'n': n}, g(*a, **k)\n"
        "    x, *y = a\n"
        "    del x\n"
        "    return y\n"
    ),
    "loop else": (
        "def f(a):\n"
        "    for x in a:\n"
        "        if x:\n"
        "            break\n"
        "    else:\n"
        "        return None\n"
        "    while a: a.pop()\n"
        "    return x\n"
    ),
    "decorated": (
        "@cache\n"
        "@other(1)\n"
        "def f(a=[], *, b={}):\n"
        "    'Doc.'\n"
        "    @inner\n"
        "    def g():\n"
        "        return a\n"
        "    return g\n"
    ),
    "only a docstring": ('def f(a):\n    """Nothing."""\n'),
    "continued lines": ("def f(a, b):\n    return a + \\\n        b * (\n            a or\n            b)\n"),
}


@pytest.mark.parametrize("name", _AWKWARD)
def test_awkward_layouts_give_valid_texts(name: str) -> None:
    text = _AWKWARD[name]
    source, found = _catalogue(text)
    for edit in found[:: max(1, len(found) // 400)]:
        changed = apply(text, edit.splices)
        assert parses(changed), edit
        assert _compiles(changed), edit
        assert changed != text, edit
        assert edit.kind == "mutable default" or _signature(changed) == _signature(text), edit
    assert found or name == "only a docstring"
    assert source.text == text


def test_comments_and_layout_outside_of_an_edit_are_kept() -> None:
    text = "def f(a,b):   # sum\n    # first\n    c = a  +  b   # odd spacing\n\n    return c\n"
    wanted = text.replace("+", "-")
    assert wanted in {apply(text, edit.splices) for edit in edits(FunctionSource(text), Facts(), "lite")}
