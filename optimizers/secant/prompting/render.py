"""From templates and data to the text of a request.

A template is a text with `{{named}}` slots. They are filled in one pass and literally: what is put in is never read
again, so braces, slots, tags and instructions in somebody's code or in a model's words stay data. Such text stands
between tags, and the tags of a whole request get a suffix where any of its data contain them. (TextGrad and GPO fill
templates with `str.format` and fixed tags, which a brace or a tag in the data breaks.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import count
from typing import NamedTuple

from secant.errors import BadRequest

_SLOT = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
_LAST_SLOT = re.compile(r"(?P<before>.*)\{\{(?P<slot>[a-z][a-z0-9_]*)\}\}[ \t]*")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
SUFFIX = "suffix"
"""The slot of the request's tag suffix; every template may use it."""


class Data(NamedTuple):
    """Somebody's text, to stand between tags."""

    tag: str
    text: str


class Section(NamedTuple):
    """A part of a request: a template, and what goes into it."""

    template: str
    values: Mapping[str, str | Data | Section | Sequence[Data | Section]] = {}


class Prompt(NamedTuple):
    """A request that is ready to be sent."""

    system: str
    user: str
    suffix: str
    """Behind every tag of the request and of its reply."""
    instructions: str
    """What the templates themselves say, with nothing in their slots: what an echo of the request would consist of."""

    @property
    def messages(self) -> list[dict[str, str]]:
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]

    def asked_again(self, remark: str) -> list[dict[str, str]]:
        """The same request with a remark behind it."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": f"{self.user}\n\n{remark}"}]


@cache
def template(name: str) -> str:
    """A template of this room by its file's name. Raises BadRequest for an unknown one."""
    file = resources.files("secant.prompting") / "templates" / name
    if not re.fullmatch(r"[a-z0-9_]+\.txt", name) or not file.is_file():
        raise BadRequest(f"there is no template named {name}", hint="See prompting/templates for those that exist.")
    return file.read_text(encoding="utf-8").removesuffix("\n")


def slots(text: str) -> frozenset[str]:
    """The names of a template's slots."""
    return frozenset(_SLOT.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The template with its slots filled, in one pass. Raises KeyError for a slot without a value.

    What is empty leaves no trace: a line that is one slot, alone or behind a label with a colon, is left out, so is a
    paragraph that has only such lines, and so are the spaces before a slot that ends a line.
    """
    paragraphs: list[str] = []
    for paragraph in _read(text):
        kept: list[str] = []
        for line in paragraph:
            filled = line if isinstance(line, str) else line.filled(values)
            if filled is not None:
                kept.append(filled)
        if kept:
            paragraphs.append("\n".join(kept))
    return "\n\n".join(paragraphs)


class _Line(NamedTuple):
    """A line of a template that has slots."""

    pieces: tuple[str, ...]
    """Text and names of slots in turn, text first."""
    last: str = ""
    """The slot that ends the line."""
    before: tuple[str, ...] = ()
    """The pieces before it, without the spaces at their end."""
    labelled: bool = False
    """That slot is all the line has, or all behind a label."""

    def filled(self, values: Mapping[str, str]) -> str | None:
        """None where nothing is left of it."""
        if not self.last or values[self.last].strip():
            return _joined(self.pieces, values)
        return None if self.labelled else _joined(self.before, values)


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[tuple[str | _Line, ...], ...]:
    """The paragraphs of a template and their lines. The same few templates are filled over and over."""
    return tuple(
        tuple(_line(line) if "{{" in line else line for line in paragraph.split("\n"))
        for paragraph in _PARAGRAPHS.split(text)
    )


def _line(line: str) -> _Line:
    last = _LAST_SLOT.fullmatch(line)
    if last is None:
        return _Line(tuple(_SLOT.split(line)))
    before = last["before"].rstrip()
    labelled = not _SLOT.search(before) and (not before or before.endswith(":"))
    return _Line(tuple(_SLOT.split(line)), last["slot"], tuple(_SLOT.split(before)), labelled)


def _joined(pieces: Sequence[str], values: Mapping[str, str]) -> str:
    """The first piece is text, then a slot and a text in turn."""
    joined = pieces[0]
    for n in range(1, len(pieces), 2):
        joined += values[pieces[n]] + pieces[n + 1]
    return joined


def compose(system: Section, user: Section, *, tags: Iterable[str] = ()) -> Prompt:
    """The request. `tags` are those of the reply, which no data may contain either."""
    data = [*_data(system), *_data(user)]
    names = {*tags, *(d.tag for d in data)}
    suffix = _suffix(names, [d.text for d in data] + [*_strings(system), *_strings(user)])
    bare = "\n".join(_rendered(section, suffix, hide=True) for section in (system, user))
    return Prompt(_rendered(system, suffix), _rendered(user, suffix), suffix, bare)


def fenced(data: Data, suffix: str = "") -> str:
    """A text between its tags, each on a line of its own."""
    return f"<{data.tag}{suffix}>\n{data.text}\n</{data.tag}{suffix}>"


def _rendered(section: Section, suffix: str, *, hide: bool = False) -> str:
    values = {SUFFIX: suffix}
    for name, value in section.values.items():
        values[name] = _value(value, suffix, hide=hide)
    return fill(section.template, values)


def _value(value: str | Data | Section | Sequence[Data | Section], suffix: str, *, hide: bool) -> str:
    match value:
        case str():
            return "" if hide else value
        case Section():
            return _rendered(value, suffix, hide=hide)
        case Data():
            return "" if hide else fenced(value, suffix)
        case _:
            return "\n\n".join([_value(each, suffix, hide=hide) for each in value])


def _parts(section: Section) -> Iterable[str | Data | Section]:
    for value in section.values.values():
        if isinstance(value, str | Data | Section):
            yield value
        else:
            yield from value


def _data(section: Section) -> Iterable[Data]:
    for value in _parts(section):
        if isinstance(value, Data):
            yield value
        elif isinstance(value, Section):
            yield from _data(value)


def _strings(section: Section) -> Iterable[str]:
    """Short values without a fence: names of tests, numbers, a goal in words."""
    for value in _parts(section):
        if isinstance(value, Section):
            yield from _strings(value)
        elif isinstance(value, str):
            yield value


def _suffix(tags: Iterable[str], texts: Sequence[str]) -> str:
    """Nothing, or the first of -2, -3, ... with which none of the tags occurs in any of the texts, in any case."""
    names = "|".join(sorted(re.escape(tag) for tag in tags))
    tag = re.compile(rf"</?(?:{names})(-\d+)?(?![\w-])", re.IGNORECASE)
    taken = {match[1] or "" for text in texts for match in tag.finditer(text)} if names else set[str]()
    candidates = ("" if number == 1 else f"-{number}" for number in count(1))
    return next(suffix for suffix in candidates if suffix not in taken)
