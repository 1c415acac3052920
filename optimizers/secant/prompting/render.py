"""From templates and data to the text of a request.

Somebody's text stands between tags, and the tags of a whole request get a suffix where any of its data contain them: no
data can end its own fence or begin a reply. (TextGrad and GPO have fixed tags, which a tag in the data breaks.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from secant.prompting.template import SUFFIX, fill


class Data(NamedTuple):
    """Somebody's text, to stand between tags."""

    tag: str
    text: str


class Section:
    """A part of a request: a template, and what goes into it.

    It may stand in many requests of a step (the task does), and is read and rendered once for all of them: its values
    are not to be changed.
    """

    __slots__ = ("_rendered", "_survey", "template", "values")

    def __init__(
        self, template: str, values: Mapping[str, str | Data | Section | Sequence[Data | Section]] | None = None
    ) -> None:
        self.template = template
        self.values = values or {}
        self._rendered: dict[str, str] = {}
        self._survey: _Survey | None = None

    def rendered(self, suffix: str) -> str:
        """Its text, with `suffix` behind every tag."""
        if suffix not in self._rendered:
            values = {SUFFIX: suffix}
            for name, value in self.values.items():
                values[name] = value if isinstance(value, str) else _value(value, suffix)
            self._rendered[suffix] = fill(self.template, values)
        return self._rendered[suffix]

    def survey(self) -> _Survey:
        """What has to be known of it before it can be rendered."""
        if self._survey is None:
            names, texts = set[str](), list[str]()
            slots = tuple([(name, _inside(value, names, texts)) for name, value in self.values.items()])
            self._survey = _Survey(_Shape(self.template, slots), names, texts)
        return self._survey


@lru_cache(maxsize=256)
def constant(template: str) -> Section:
    """A section with nothing to fill in, the same one for all requests that have it."""
    return Section(template)


class _Survey(NamedTuple):
    """What is in a section."""

    shape: _Shape
    tags: set[str]
    """Of its data."""
    texts: list[str]
    """Data and short values that have a `<`, so may have a tag."""


class _Shape(NamedTuple):
    """A section without its data: the same for all requests that differ in their data alone."""

    template: str
    slots: tuple[tuple[str, tuple[_Shape | None, ...]], ...]
    """What stands in each slot, None for data."""


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


def compose(system: Section, user: Section, *, tags: Iterable[str] = ()) -> Prompt:
    """The request. `tags` are those of the reply, which no data may contain either."""
    surveys = (system.survey(), user.survey())
    names = frozenset(tags).union(*[each.tags for each in surveys])
    suffix = _suffix(names, [text for each in surveys for text in each.texts])
    bare = "\n".join([_bare(each.shape, suffix) for each in surveys])
    return Prompt(system.rendered(suffix), user.rendered(suffix), suffix, bare)


def fenced(data: Data, suffix: str = "") -> str:
    """A text between its tags, each on a line of its own."""
    return f"<{data.tag}{suffix}>\n{data.text}\n</{data.tag}{suffix}>"


def _value(value: str | Data | Section | Sequence[Data | Section], suffix: str) -> str:
    match value:
        case str():
            return value
        case Data():
            return fenced(value, suffix)
        case Section():
            return value.rendered(suffix)
        case _:
            return "\n\n".join([_value(each, suffix) for each in value])


def _inside(
    value: str | Data | Section | Sequence[Data | Section], names: set[str], texts: list[str]
) -> tuple[_Shape | None, ...]:
    """The shapes of what stands in a slot; adds the tags and the texts in it to `names` and `texts`."""
    match value:
        case str():  # names of tests, numbers, a goal in words
            _add(value, texts)
            return (None,)
        case Data():
            names.add(value.tag)
            _add(value.text, texts)
            return (None,)
        case Section():
            survey = value.survey()
            names |= survey.tags
            texts += survey.texts
            return (survey.shape,)
        case _:
            return tuple([shape for each in value for shape in _inside(each, names, texts)])


def _add(text: str, texts: list[str]) -> None:
    if "<" in text:
        texts.append(text)


@lru_cache(maxsize=256)
def _bare(shape: _Shape, suffix: str) -> str:
    """What the templates say, with nothing where data stand. Requests have few shapes, and many have the same."""
    values = {SUFFIX: suffix}
    for name, inside in shape.slots:
        values[name] = "\n\n".join(["" if each is None else _bare(each, suffix) for each in inside])
    return fill(shape.template, values)


def _suffix(names: frozenset[str], texts: Sequence[str]) -> str:
    """Nothing, or the first of -2, -3, ... with which none of the tags occurs in any of the texts, in any case."""
    if not names:
        return ""
    tag = _tag(names)
    taken = {match[1] or "" for text in texts for match in tag.finditer(text)}
    candidates = ("" if number == 1 else f"-{number}" for number in count(1))
    return next(suffix for suffix in candidates if suffix not in taken)


@lru_cache(maxsize=256)
def _tag(names: frozenset[str]) -> re.Pattern[str]:
    """Any of the tags, opening or closing, with whatever number behind it."""
    either = "|".join(sorted(re.escape(name) for name in names))
    return re.compile(rf"</?(?:{either})(-\d+)?(?![\w-])", re.IGNORECASE)
