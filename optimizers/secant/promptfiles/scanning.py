"""Where placeholders stand in a text. Which ways of writing them there are, `placeholders` says.

No text takes more than linear time, however long its row of opening braces: quantifiers are possessive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from secant.promptfiles.document import Syntax

_NAME = r"[^\W\d]\w*+(?:[.-]\w++)*+"
_SPEC = r"(?:.?[<>=^])?[+\- ]?z?\#?0?\d*[,_]?(?:\.\d+)?[bcdeEfFgGnosxX%]?"
_QUOTED = r'"(?:\\.|[^"\\])*+"' + "|" + r"'(?:\\.|[^'\\])*+'"
_PATTERNS: Mapping[Syntax, re.Pattern[str]] = {
    "mustache": re.compile(
        rf"\{{\{{\{{\s*+({_NAME})\s*+\}}\}}\}}|\{{\{{\s*+(?:&\s*+)?({_NAME})\s*+\}}\}}|\{{\{{[#^/!>][^{{}}\n]*+\}}\}}"
    ),
    "input": re.compile(r"\$\{input:([^{}:\s]++)(?::[^{}]*+)?\}"),
    "dollar": re.compile(rf"\$\{{({_NAME})\}}"),
    "braces": re.compile(r"(?<!\{)\{([^\W\d]\w*+)\}(?!\})"),
}
_OPENING = re.compile(r"\{(?:%[-+]?\s*+raw\s*+[-+]?%\}|[{%#])")
_JINJA: Mapping[str, re.Pattern[str]] = {
    "raw": re.compile(r"\{%[-+]?\s*+raw\s*+[-+]?%\}.*?\{%[-+]?\s*+endraw\s*+[-+]?%\}", re.DOTALL),
    "#": re.compile(r"\{\#.*?\#\}", re.DOTALL),
    "%": re.compile(rf"\{{%(?>{_QUOTED}|(?!%\}}).)*+%\}}", re.DOTALL),
    "{": re.compile(rf"\{{\{{(?>{_QUOTED}|(?!\}}\}}).)*+\}}\}}", re.DOTALL),
}
FIELD = re.compile(rf"\{{\{{|\}}\}}|\{{([^\W\d]\w*)((?:\.\w+|\[\w+\])*)(![rsa])?(:{_SPEC})?\}}|[{{}}]")
_SIMPLE = re.compile(r"\{\{[-+]?\s*+([^\W\d]\w*+(?:\.\w++)*+)\s*+[-+]?\}\}")
_LATEX = re.compile(r"(?:\\[A-Za-z]+\*?(?:\[[^\[\]]*\]|\{[^{}]*\})*|[_^])\Z")


class Placeholder(NamedTuple):
    """One placeholder where it stands."""

    source: str
    """As it is written."""
    name: str
    """The field that fills it; empty for what is no single field: a block, a comment, a filter."""
    start: int
    end: int
    syntax: Syntax


class Scan(NamedTuple):
    """The placeholders of a text, in their order."""

    found: tuple[Placeholder, ...]
    doubled: bool
    """The text is a format string: braces that are none of a field stand doubled."""


def scan(text: str, syntax: Sequence[Syntax]) -> Scan:
    """The placeholders of a text. Where two ways of writing overlap, the first of `syntax` has it."""
    return _scan(text, tuple(syntax))


@lru_cache(maxsize=64)
def _scan(text: str, syntax: tuple[Syntax, ...]) -> Scan:
    """Once for all cases of a candidate."""
    claimed: list[Placeholder] = []
    for each in syntax:
        if each == "none":
            continue
        if each == "braces" and not claimed and (fields := _format_fields(text)):
            return Scan(tuple(fields), doubled=True)
        taken = sorted((p.start, p.end) for p in claimed)
        claimed += [p for p in _matches(text, each) if not any(s < p.end and p.start < e for s, e in taken)]
    return Scan(tuple(sorted(claimed, key=lambda p: p.start)), doubled=False)


def _matches(text: str, syntax: Syntax) -> Iterator[Placeholder]:
    if syntax == "jinja":
        yield from _jinja(text)
        return
    for match in _PATTERNS[syntax].finditer(text):
        name = next((group for group in match.groups() if group), "")
        if syntax != "braces" or not _LATEX.search(text, max(0, match.start() - 200), match.start()):
            yield Placeholder(match[0], name, match.start(), match.end(), syntax)


def _jinja(text: str) -> Iterator[Placeholder]:
    """Tags of Jinja. What is not closed is none; another of its kind behind it is then not looked for."""
    at = 0
    unclosed: set[str] = set()
    while opening := _OPENING.search(text, at):
        kinds = ("raw", "%") if len(opening[0]) > 2 else (opening[0][1],)
        at = opening.start() + 1
        for kind in kinds:
            match = None if kind in unclosed else _JINJA[kind].match(text, opening.start())
            if match is not None:
                simple = _SIMPLE.fullmatch(match[0])
                yield Placeholder(match[0], simple[1] if simple else "", match.start(), match.end(), "jinja")
                at = match.end()
                break
            unclosed.add(kind)


def _format_fields(text: str) -> list[Placeholder]:
    """The fields of a text that is a format string; none where it is not."""
    fields: list[Placeholder] = []
    for match in FIELD.finditer(text):
        if match[1] is not None:
            if _LATEX.search(text, max(0, match.start() - 200), match.start()):
                return []
            fields.append(Placeholder(match[0], match[1] + match[2], match.start(), match.end(), "braces"))
        elif len(match[0]) == 1:
            return []
    return fields
