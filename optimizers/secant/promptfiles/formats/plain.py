"""Plain text prompts: the whole file is the prompt.

`.jinja2`, `.jinja` and `.j2` are Jinja templates. In `.txt` and `.prompt` files `{{x}}`, `${input:x}`, `${x}` and `{x}`
are placeholders; `{x}` only with a name alone in it, so that JSON and code in a prompt stay what they are.

A text file of promptfoo's may hold several prompts, with lines of three hyphens between them. Each can be opened by its
number, and is written without touching the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from secant.errors import BadRequest
from secant.promptfiles.document import PromptPart, Syntax
from secant.promptfiles.formats.source import FileDocument, Source, placed, plain_slot, trimmed, unified

JINJA_SUFFIXES = (".jinja2", ".jinja", ".j2")
TEXT_SUFFIXES = (".txt", ".prompt", ".text")
_SEPARATOR = re.compile(r"(?:\A|(?<=[\r\n]))[ \t]*---[ \t]*(?:\r\n?|\n|\Z)")
_TEXT: tuple[Syntax, ...] = ("mustache", "input", "dollar", "braces")


def open_plain(source: Source, number: int = 0) -> FileDocument:
    """The prompt that a text file is, or that of a `number` in it. Raises BadRequest where it is empty."""
    is_jinja = source.path.suffix.casefold() in JINJA_SUFFIXES
    start, end = _segment(source, number) if number else (0, len(source.text))
    core = trimmed(unified(source.text[start:end])).core
    if not core.strip():
        what = "the file is empty" if not source.text else "there is no prompt text in it"
        raise BadRequest(what, hint="Write the prompt into it.", where=str(source.path))
    syntax: tuple[Syntax, ...] = ("jinja",) if is_jinja else _TEXT
    part = placed(source, PromptPart(name="prompt", role="user", text=core, syntax=syntax), start, end)
    return FileDocument(
        source=source,
        format="Jinja template" if is_jinja else "text prompt",
        slots=(plain_slot(source, part, start, end),),
        again=lambda other: open_plain(other, number),
        name=str(number) if number else "",
        rest=f"{source.text[:start]}…{source.text[end:]}",
    )


def segments(text: str) -> Sequence[tuple[int, int]]:
    """Where the prompts of a text begin and end that has lines of hyphens between them; nothing where it has none."""
    marks = list(_SEPARATOR.finditer(text))
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if text[a:b].strip()] if marks else []


def _segment(source: Source, number: int) -> tuple[int, int]:
    found = segments(source.text)
    if number > len(found):
        raise BadRequest(
            f"the file has no prompt {number}",
            hint=f"It has {len(found)}, with lines of --- between them." if found else "Name the file alone.",
            where=str(source.path),
        )
    return found[number - 1]
