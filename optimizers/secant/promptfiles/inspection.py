"""What is wrong with a prompt beside its data, seen without a model: problems as values, with their places.

Nothing is run and nobody is asked. Jinja is loaded for Jinja alone.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from secant.promptfiles.document import PromptPart
from secant.promptfiles.evaldata.rows import EvalData, Row
from secant.promptfiles.formats.source import FileDocument, Slot
from secant.promptfiles.placeholders import Placeholder, is_filled, placeholders
from secant.promptfiles.repetition import line_of, repeats
from secant.prompting.measure import first_line, tokens
from secant.types import Frozen

Severity = Literal["error", "warning", "info"]
_HALF_CLOSED = re.compile(
    r"\{\{\s*+[\w.-]++\s*+\}(?!\})"
    r"|\$\{(?:input:)?[\w.-]++(?=$|\s+(?:\w|[\"'(]|$))"  # but not `${x == 1 ? "a" : "b"}`, which some prompts have
)
_PLACE = re.compile(r":(\d+)(?:[,\d ]*(?:\(and \d+ more\))?): ")
_MOST = 20


class Problem(Frozen):
    """One thing to be said about a place in a file."""

    kind: Literal["unfilled", "unused", "lost", "template", "unclosed", "duplicate", "format"]
    severity: Severity
    sentence: str
    path: str
    line: int
    column: int = 1
    """From 1, in characters; `end_column` is the first behind. Both 1: the whole line is meant."""
    end_column: int = 1


class Size(NamedTuple):
    """How long a part is."""

    part: str
    words: int
    tokens: int
    """About as many as a model would count."""


def sizes(parts: Sequence[PromptPart]) -> tuple[Size, ...]:
    """The length of every part."""
    return tuple(Size(part.name, len(part.text.split()), tokens(part.text)) for part in parts)


def inspect(
    document: FileDocument, data: EvalData | None = None, earlier: Mapping[str, str] | None = None
) -> tuple[Problem, ...]:
    """The problems of a prompt, beside its cases where there are any, and against earlier texts of its parts."""
    found = [
        *_noticed(document),
        *_templates(document),
        *_half_closed(document),
        *_lost(document, earlier or {}),
        *(_beside(document, data.rows) if data is not None and data.rows else ()),
        *_duplicates(document),
    ]
    return tuple(sorted(found, key=lambda problem: (problem.path, problem.line, problem.column)))


# --- the file alone


def _noticed(document: FileDocument) -> Iterator[Problem]:
    """What the format left aside."""
    for notice in document.notices:
        rest = notice.removeprefix(str(document.path))
        place = _PLACE.match(rest)
        if rest != notice and place is not None:
            sentence, line = rest[place.end() :], int(place[1])
        else:
            sentence, line = notice, 1
        severity: Severity = "warning" if "front matter" in sentence else "info"
        yield Problem(
            kind="format", severity=severity, sentence=_sentence(sentence), path=str(document.path), line=line
        )


def _templates(document: FileDocument) -> Iterator[Problem]:
    """Jinja that does not parse."""
    for slot in document.slots:
        if "jinja" in slot.part.syntax:
            from secant.promptfiles.templating import Fault, fields  # noqa: PLC0415  see above

            try:
                fields(slot.part.text)
            except Fault as fault:
                line = min(slot.part.first_line + fault.line - 1, slot.part.last_line)
                sentence = _sentence(fault.message)
                path = str(document.path)
                yield Problem(kind="template", severity="error", sentence=sentence, path=path, line=line)


def _half_closed(document: FileDocument) -> Iterator[Problem]:
    """`{{x}` and `${x`: meant as placeholders, but sent as they are."""
    for slot in document.slots:
        if not {"mustache", "dollar", "input"} & set(slot.part.syntax):
            continue
        for match in _HALF_CLOSED.finditer(slot.part.text):
            if match[0].startswith("$") and "dollar" not in slot.part.syntax:
                continue
            sentence = f"The placeholder {match[0]} is not closed and will be sent as it is."
            yield _at(document, slot, match[0], match.start(), "unclosed", "warning", sentence)


def _duplicates(document: FileDocument) -> Iterator[Problem]:
    """What the prompt says twice."""
    for each in repeats(document.slots):
        sentence = f"This {each.what} stands in line {each.first} already: {first_line(each.text, 60)}"
        yield _at(document, each.slot, each.text, each.start, "duplicate", "warning", sentence)


# --- against an earlier text


def _lost(document: FileDocument, earlier: Mapping[str, str]) -> Iterator[Problem]:
    """Placeholders that an earlier text had and that no part has any more."""
    present = {p.source for slot in document.slots for p in placeholders(slot.part.text, slot.part.syntax)}
    for slot in document.slots:
        before = placeholders(earlier.get(slot.part.name, ""), slot.part.syntax)
        for source in dict.fromkeys(p.source for p in before if p.source not in present):
            sentence = f"The placeholder {first_line(source, 60)} was lost; the earlier text has it."
            path = str(document.path)
            yield Problem(kind="lost", severity="error", sentence=sentence, path=path, line=slot.part.first_line)


# --- beside its data


def _beside(document: FileDocument, rows: Sequence[Row]) -> Iterator[Problem]:
    """Placeholders that no case fills, or not every one, and fields that no placeholder uses."""
    used: set[str] = set()
    templated = False
    fields = Counter(name for row in rows for name in row.fields)
    for slot in document.slots:
        told: set[str] = set()
        for found in _needed(slot.part):
            templated = True
            used.add(re.split(r"[.\[]", found.name)[0])
            used.add(found.name)
            missing = sum(not is_filled(found, {**document.defaults, **row.fields}) for row in rows)
            asked_after = missing < len(rows) and found.name in _tested(slot.part)
            if not missing or asked_after or found.source in told:
                continue
            told.add(found.source)
            yield _unfilled(document, slot, found, missing, len(rows), fields)
    for name in list(fields)[:_MOST] if templated else ():
        if name not in used:
            sentence = f"No placeholder of the prompt uses the field {name} of the cases."
            line = document.parts[0].first_line
            yield Problem(kind="unused", severity="info", sentence=sentence, path=str(document.path), line=line)


def _needed(part: PromptPart) -> Iterator[Placeholder]:
    """What a part needs of a case. Of Jinja the names that it takes from outside and that it does not ask after."""
    if "jinja" not in part.syntax:
        yield from (found for found in placeholders(part.text, part.syntax) if found.name)
        return
    from secant.promptfiles.templating import Fault, fields  # noqa: PLC0415  see above

    try:
        names = fields(part.text)
    except Fault:
        return
    for name in sorted(names):
        word = re.escape(name)
        if re.search(rf"\b{word}\s*(?:\|\s*(?:default|d)\b|is\s+(?:not\s+)?defined)", part.text):
            continue
        match = re.search(rf"\{{[{{%][^}}]*?\b({word})\b", part.text)
        at = match.start(1) if match else 0
        yield Placeholder(name, name, at, at + len(name), "jinja")


def _tested(part: PromptPart) -> frozenset[str]:
    """The names that a part asks after, so that a case may do without them."""
    if "jinja" not in part.syntax:
        return frozenset()
    from secant.promptfiles.templating import tested  # noqa: PLC0415  see above

    return tested(part.text)


def _unfilled(
    document: FileDocument, slot: Slot, found: Placeholder, missing: int, total: int, fields: Mapping[str, int]
) -> Problem:
    near = difflib.get_close_matches(found.name, list(fields), n=1)
    meant = f" Did you mean {near[0]}?" if near else f" They have: {', '.join(list(fields)[:8])}." if fields else ""
    who = "No case fills" if missing == total else f"{missing} of {total} cases do not fill"
    sentence = f"{who} the placeholder {found.source}.{meant}"
    return _at(document, slot, found.source, found.start, "unfilled", "error", sentence)


# --- places


def _at(
    document: FileDocument,
    slot: Slot,
    text: str,
    at: int,
    kind: Literal["unfilled", "unclosed", "duplicate"],
    severity: Severity,
    sentence: str,
) -> Problem:
    """A problem with a stretch of a part's text, found in the file as the same occurrence of the same words."""
    place = _find(document, slot, text, at)
    path = str(document.path)
    if place is None:
        line = line_of(slot, at)
        return Problem(kind=kind, severity=severity, sentence=sentence, path=path, line=line)
    line, column = place
    return Problem(
        kind=kind,
        severity=severity,
        sentence=sentence,
        path=path,
        line=line,
        column=column,
        end_column=column + len(text),
    )


def _find(document: FileDocument, slot: Slot, text: str, at: int) -> tuple[int, int] | None:
    written = document.source.text[slot.start : slot.end]
    start = -1
    for _ in range(slot.part.text.count(text, 0, at) + 1):
        start = written.find(text, start + 1 if start < 0 else start + len(text))
        if start < 0:
            return None
    offset = slot.start + start
    before = document.source.text[:offset]
    return document.source.line_at(offset), offset - max(before.rfind("\n"), before.rfind("\r"))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
