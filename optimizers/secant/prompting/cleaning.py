"""From the text that a reply held to the text that is measured, or the reason why it cannot be.

A function loses the fence around it and gets the indentation of the old text, a prompt loses a fence that the old one
had not; what is empty, unchanged, an echo of the request, no Python, or without what must be kept is turned down. Looks
at texts only and runs nothing.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from functools import lru_cache

from secant.prompting.replies import Expected, Flag, Found, Unusable
from secant.statements import UNPARSABLE, functions, margin, statements

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[^`]*")
_TEXT_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})[ \t]*(?:markdown|md|text|txt|plaintext|prompt)?[ \t]*\n", re.IGNORECASE)
_LINE_END = re.compile("\r\n?")
_ECHOED_WORDS = 8
"""A line of the request that has so many words is nothing that a new version would hold by chance."""


def cleaned(found: Found, expected: Expected) -> tuple[str, tuple[Flag, ...]]:
    """With "\\n" line ends, without the white space, mark or fence around it, a function with the old indentation."""
    value, flags = _LINE_END.sub("\n", found.value), list(found.flags)
    inner = _bare(value, found, expected)
    if inner is not None:
        value = inner
        flags.append("fence_stripped")
    value = _trimmed(value)
    if expected.kind == "function" and value:
        indented = _like(value, expected.current, expected.name)
        if indented != value:
            value = indented
            flags.append("reindented")
    if value and expected.current.endswith("\n"):
        value += "\n"
    return value, tuple(flags)


def _bare(value: str, found: Found, expected: Expected) -> str | None:
    """What a fence holds that the model put around its text; None where there is none of its own doing: around a prompt
    only one that calls it a text, where the old one had none.
    """
    if expected.kind == "function":
        return _unfenced(value, whole=found.rung != "open_tag")
    if expected.kind != "prompt" or _TEXT_FENCE.match(expected.current) or not _TEXT_FENCE.match(value):
        return None
    return _unfenced(value, whole=True)


def _trimmed(text: str) -> str:
    """Without empty lines and a mark ahead and white space behind; the indentation of the first line stays."""
    return re.sub(r"\A(?:[ \t]*\n)*\ufeff?", "", text).rstrip()


def _like(value: str, current: str, name: str) -> str:
    """The lines with the indentation that the function has in its file; as they are where it has that already."""
    indent, wanted = margin(current), name.rpartition(".")[2]
    try:
        line = next((node.lineno for node in functions(statements(value, wanted)) if node.name == wanted), 1)
    except UNPARSABLE:  # told by `fault`
        line = 1
    if margin("\n".join(value.splitlines()[line - 1 :])) == indent:
        return value
    return textwrap.indent(textwrap.dedent(value), indent)


def fault(value: str, expected: Expected) -> Unusable | None:
    """Why a text that was found cannot be used; None where it can."""
    if not value.strip():
        return Unusable("empty", "the new text was empty")
    if _same(value, expected.current):
        return Unusable("noop", "the new text was the same as the current one")
    if _echoes(value, expected.instructions):
        return Unusable("echo", "the answer repeated the request instead of giving a new text")
    if expected.kind == "function":
        wrong = function_fault(value, expected.name)
        if wrong is not None:
            return wrong
    lost = [kept for kept in expected.must_keep if kept not in value]
    if lost:
        return Unusable("lost", f"the new text had lost what must be kept: {', '.join(lost)}")
    return None


def _same(one: str, two: str) -> bool:
    return [line.rstrip() for line in one.strip().splitlines()] == [line.rstrip() for line in two.strip().splitlines()]


def _echoes(value: str, instructions: str) -> bool:
    """The value is a piece of the request's own words, or holds a line of them."""
    said, (whole, lines) = _spaced(value), _own_words(instructions)
    return said in whole or any(line in said for line in lines)


@lru_cache(maxsize=8)
def _own_words(instructions: str) -> tuple[str, tuple[str, ...]]:
    """Of a request, which has several replies: all of it, and its lines that are long enough to be known again."""
    lines = map(_spaced, instructions.splitlines())
    return _spaced(instructions), tuple(line for line in lines if len(line.split()) >= _ECHOED_WORDS)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def function_fault(text: str, name: str) -> Unusable | None:
    """Why a text is no new version of a function: it does not parse, or does not define it."""
    owner, _, wanted = name.rpartition(".")
    try:
        found = statements(text, wanted)
    except UNPARSABLE as error:
        where = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        what = error.msg if isinstance(error, SyntaxError) else str(error)
        return Unusable("not_python", f"the new text is not valid Python: {what}{where}")
    defined = [node.name for node in functions(found)]
    classes = [node.name for node in found if isinstance(node, ast.ClassDef)]
    if not defined or (wanted and wanted not in defined) or owner.rpartition(".")[2] in classes:
        return Unusable("undefined", f"the new text does not define the function {wanted}".rstrip())
    return None


def blocks(text: str) -> Iterator[str]:
    """The contents of the fenced blocks, in one pass over the lines."""
    fence, inside = "", list[str]()
    for line in text.splitlines(keepends=True):
        if fence and line.strip() == fence:
            yield textwrap.dedent("".join(inside))
            fence, inside = "", []
        elif fence:
            inside.append(line)
        elif match := _FENCE.fullmatch(line.rstrip()):
            fence = match[1]


def _unfenced(text: str, *, whole: bool) -> str | None:
    """The content of the one block that a text is (`whole`) or begins with; None where it is or does not."""
    lines = text.strip().splitlines()
    first = _FENCE.fullmatch(lines[0]) if lines else None
    if first is None or (whole and lines[-1].strip() != first[1]):
        return None
    return next(blocks(text), None)
