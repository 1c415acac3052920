"""Placeholders in a prompt: found, hidden from a model behind tokens, and filled with the fields of a case.

Which ways of writing them are looked for is the part's `syntax`, decided by its format:

- `mustache`: `{{x}}`, `{{ a.b }}`, `{{{x}}}`; sections (`{{#x}}`) are kept, but not rendered.
- `input`, `dollar`: `${input:x}`, `${input:x:hint}`, `${x}`.
- `braces`: `{x}` as `str.format` has it. Where every brace of the text is part of a field or doubled, the text is taken
  for a format string: `{{` and `}}` stand for braces, `{x.y}`, `{x!r}` and `{x:>8}` are fields. In any other text a
  field is a name alone, and not the argument of a LaTeX command: JSON, code and `\\boxed{x}` stay what they are.
- `jinja`: `{{ ... }}`, `{% ... %}`, `{# ... #}`.

Texts and values in, texts out. What is filled in is never read again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from pydantic import JsonValue

from secant.errors import BadRequest
from secant.promptfiles.document import PromptPart, Syntax
from secant.promptfiles.missing import unfilled
from secant.promptfiles.scanning import FIELD, Placeholder, scan

_STEP = re.compile(r"[^.\[\]]+")


def placeholders(text: str, syntax: Sequence[Syntax]) -> tuple[Placeholder, ...]:
    """All placeholders of a text, in their order. Where two ways of writing overlap, the first of `syntax` has it."""
    return scan(text, syntax).found


# --- hidden from a model


class Mask:
    """Tokens in place of the placeholders of a whole prompt: the same token for the same placeholder in every part."""

    def __init__(self, parts: Sequence[PromptPart]) -> None:
        self._syntax: tuple[Syntax, ...] = next((part.syntax for part in parts if part.syntax), ())
        scans = [scan(part.text, part.syntax) for part in parts]
        self._doubled = len(parts) == 1 and scans[0].doubled
        self._mark = _free_mark([part.text for part in parts])
        self._token_like = re.compile(rf"{re.escape(self._mark)}[^⟧\n]*⟧?")
        self._tokens: dict[str, str] = {}
        for each in scans:
            for found in each.found:
                if found.source not in self._tokens:
                    self._tokens[found.source] = self._new_token(found)
        self._sources = {token: source for source, token in self._tokens.items()}
        self._pattern = re.compile("|".join(map(re.escape, sorted(self._sources, key=len, reverse=True))) or r"(?!)")

    @property
    def sources(self) -> Mapping[str, str]:
        """Every token and the placeholder that it stands for."""
        return self._sources

    def mask(self, text: str) -> str:
        """The text of a part as a model sees it."""
        pieces: list[str] = []
        at = 0
        for found in placeholders(text, self._syntax):
            pieces += [self._shown(text[at : found.start]), self._tokens.get(found.source, found.source)]
            at = found.end
        return "".join([*pieces, self._shown(text[at:])])

    def unmask(self, text: str) -> str:
        """What a model wrote, as it stands in the file. For the seed's own text the way back is exact."""
        pieces: list[str] = []
        at = 0
        for match in self._pattern.finditer(text):
            pieces += [self._kept(text[at : match.start()]), self._sources[match[0]]]
            at = match.end()
        return "".join([*pieces, self._kept(text[at:])])

    def understood(self, text: str) -> str:
        """What a model wrote, with the token for a placeholder that stands in it as the file spells it, and nowhere as
        its token. What is part of something longer (`{{{x}}}`, `\\boxed{x}`) is left as it is.
        """
        lost = {source: token for source, token in self._tokens.items() if source in text and token not in text}
        if not lost:
            return text
        spelled = "|".join(map(re.escape, sorted(lost, key=len, reverse=True)))
        return re.sub(rf"(?<![{{$\w^}}])(?:{spelled})(?!}})", lambda match: lost[match[0]], text)

    def tokens(self, text: str) -> tuple[str, ...]:
        """The tokens in a masked text, each once, in their order: what a new text must keep."""
        return tuple(dict.fromkeys(self._pattern.findall(text)))

    def added(self, text: str) -> tuple[str, ...]:
        """Placeholders that a masked text would have beyond the prompt's own, and tokens that stand for none: no case
        fills them.
        """
        found = (p.source for p in scan(self.unmask(text), self._syntax).found)
        tokens = self._token_like.findall(self._pattern.sub("", text)) if self._tokens else []
        return tuple(dict.fromkeys([*(source for source in found if source not in self._tokens), *tokens]))

    def _new_token(self, found: Placeholder) -> str:
        kind = "jinja" if found.syntax == "jinja" else "section"
        names = (f"{kind} {n}" for n in count(1))
        if found.name:
            names = (found.name if n == 1 else f"{found.name} {n}" for n in count(1))
        taken = set(self._tokens.values())
        return next(token for name in names if (token := f"{self._mark}{name}⟧") not in taken)

    def _shown(self, text: str) -> str:
        return text.replace("{{", "{").replace("}}", "}") if self._doubled else text

    def _kept(self, text: str) -> str:
        return text.replace("{", "{{").replace("}", "}}") if self._doubled else text


def _free_mark(texts: Sequence[str]) -> str:
    """How tokens begin: no text has anything that begins so."""
    marks = ("⟦" if n == 0 else f"⟦{n}:" for n in count())
    return next(mark for mark in marks if not any(mark in text for text in texts))


# --- filled


def fill(text: str, syntax: Sequence[Syntax], values: Mapping[str, JsonValue]) -> str:
    """The text with its placeholders filled, literally and in one pass; Jinja is rendered in its sandbox.

    Raises BadRequest for a placeholder that no field fills, naming both.
    """
    if "jinja" in syntax:
        from secant.promptfiles.templating import render  # noqa: PLC0415  jinja2 is loaded for Jinja alone

        return render(text, values)
    scanned = scan(text, syntax)
    pieces: list[str] = []
    at = 0
    for found in scanned.found:
        pieces += [_undoubled(text[at : found.start], scanned.doubled), _filled(found, values)]
        at = found.end
    return "".join([*pieces, _undoubled(text[at:], scanned.doubled)])


def is_filled(found: Placeholder, values: Mapping[str, JsonValue]) -> bool:
    """Whether these fields have a value for the placeholder."""
    try:
        _looked_up(found, values)
    except BadRequest:
        return False
    return True


def worded(value: JsonValue) -> str:
    """A field's value as it stands in a prompt: a text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _undoubled(text: str, doubled: bool) -> str:
    return text.replace("{{", "{").replace("}}", "}") if doubled else text


def _filled(found: Placeholder, values: Mapping[str, JsonValue]) -> str:
    if not found.name:
        if found.source.startswith("{{!"):
            return ""
        raise BadRequest(
            f"sections and partials of Mustache are not rendered: {found.source}",
            hint="Write the prompt without them, or as a Jinja template.",
        )
    value = _looked_up(found, values)
    if found.syntax != "braces":
        return worded(value)
    match = FIELD.fullmatch(found.source)
    return _formatted(found, value, match[3], match[4]) if match and (match[3] or match[4]) else worded(value)


def _looked_up(found: Placeholder, values: Mapping[str, JsonValue]) -> JsonValue:
    """A field by its whole name, or what lies below one: `order.items[0]`."""
    if found.name in values:
        return values[found.name]
    value: Any = dict(values)
    for step in _STEP.findall(found.name):
        if isinstance(value, dict) and step in value:
            value = value[step]  # pyright: ignore[reportUnknownVariableType]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):  # pyright: ignore[reportUnknownArgumentType]
            value = value[int(step)]  # pyright: ignore[reportUnknownVariableType]
        else:
            # what is filled in is never read again
            as_text = f"give the cases a field {found.name} with the text {found.source}"
            raise unfilled(found.source, found.name, list(values), as_text)
    return value  # pyright: ignore[reportUnknownVariableType]


def _formatted(found: Placeholder, value: JsonValue, conversion: str | None, spec: str | None) -> str:
    converters: Mapping[str, Callable[[object], str]] = {"!r": repr, "!s": str, "!a": ascii}
    try:
        return format(converters[conversion](value) if conversion else value, (spec or ":")[1:])
    except (TypeError, ValueError) as error:
        raise BadRequest(f"the placeholder {found.source} cannot format {worded(value)[:60]}: {error}") from error
