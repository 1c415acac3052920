"""Examples in a function's docstring: `>>> f(2)` with its answer below, `f(2) == 4`, `f(2) -> 4`, `f(2) returns 4`.

They are no tests (they may be stale, nobody runs them), so they gate nothing. Among repairs that pass all tests they
say which one its author meant.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from secant.rewriting.source import FunctionSource
from secant.types import Frozen

_MOST = 20
_ARROWS = re.compile(
    r"^\s*(?:==|=>|->|→|➞|=|#\s*=>|#|:"
    r"|(?:should|must|will)?\s*(?:returns?|gives?|be|equals?|outputs?|evaluates to|is))\s*",
    re.IGNORECASE,
)
_OPERATORS = tuple("+-*/=%<>")
_WORDS = {"true": "True", "false": "False", "none": "None"}


class Example(Frozen):
    """One call and what it should give, as literals."""

    args: str
    kwargs: str
    expected: str


def docstring_examples(text: str, name: str) -> tuple[Example, ...]:
    """The examples of calls of `name` in the docstring of the function `text`, the first of equal calls."""
    docstring = ast.get_docstring(FunctionSource(text).node)
    if not docstring:
        return ()
    found: dict[tuple[str, str], Example] = {}
    for example in _examples(docstring, name):
        found.setdefault((example.args, example.kwargs), example)
    return tuple(found.values())[:_MOST]


def _examples(docstring: str, name: str) -> Iterator[Example]:
    lines = docstring.splitlines()
    call = re.compile(rf"(?<![\w.]){re.escape(name)}\(")
    for number, line in enumerate(lines):
        match = call.search(line)
        if match is None:
            continue
        end = _end_of_call(line, match.end())
        below = lines[number + 1] if line.strip().startswith(">>>") and number + 1 < len(lines) else ""
        example = _example(line[match.start() : end], line[end:], below) if end else None
        if example is not None:
            yield example


def _end_of_call(line: str, start: int) -> int | None:
    """Behind the parenthesis that closes the one before `start`; None where the line ends first."""
    depth, quote = 1, ""
    for position in range(start, len(line)):
        letter = line[position]
        if quote:
            quote = "" if letter == quote and line[position - 1] != "\\" else quote
        elif letter in "'\"":
            quote = letter
        else:
            depth += (letter in "([{") - (letter in ")]}")
            if not depth:
                return position + 1
    return None


def _example(call: str, behind: str, below: str) -> Example | None:
    arguments = _arguments(call)
    if arguments is None:
        return None
    arrow = _ARROWS.match(behind)
    expected = _literal(behind[arrow.end() :]) if arrow and behind.strip() else _literal(below) if below else None
    return None if expected is None else Example(args=arguments[0], kwargs=arguments[1], expected=expected)


def _arguments(call: str) -> tuple[str, str] | None:
    try:
        node = ast.parse(call, mode="eval").body
        assert isinstance(node, ast.Call)
        args = tuple(ast.literal_eval(argument) for argument in node.args)
        kwargs = {k.arg: ast.literal_eval(k.value) for k in node.keywords if k.arg is not None}
    except (SyntaxError, ValueError, AssertionError):
        return None
    return repr(args), repr(kwargs)


def _literal(text: str) -> str | None:
    """The longest literal at the beginning of the text, as it would be written in Python."""
    text = text.strip()
    word = re.match(r"\w+", text)
    if word and word.group().lower() in _WORDS:
        return _WORDS[word.group().lower()]
    for end in [len(text), *(m.start() for m in reversed(list(re.finditer(r"[\s.,;#(]", text))))]:
        if text[end:].lstrip()[:1] in _OPERATORS:
            continue  # `19 - 5 - 6 = 8` expects no 19
        try:
            return repr(ast.literal_eval(text[:end].rstrip(" .,;")))
        except (SyntaxError, ValueError):
            continue
    return None
