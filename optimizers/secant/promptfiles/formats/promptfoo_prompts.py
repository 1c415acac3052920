"""Which prompts a promptfoo config has: in the config itself, or in the files that it names."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from secant.errors import BadRequest, SecantError
from secant.promptfiles.formats import markdown, plain
from secant.promptfiles.formats.promptfoo_files import SCHEME, has_pattern, is_program
from secant.promptfiles.formats.source import Source
from secant.promptfiles.formats.yamlconfig import bad_node, text_of
from secant.promptfiles.formats.yamltext import items, member, members

TEXTS = (*plain.TEXT_SUFFIXES, *plain.JINJA_SUFFIXES, *markdown.SUFFIXES)
CHATS = (".json", ".yaml", ".yml")
_OTHERS = (".jsonl", ".csv", ".tsv", ".xlsx")
SPLIT = (".txt",)
"""Files in which lines of three hyphens stand between several prompts."""
_ELSEWHERE = re.compile(r"(exec|langfuse|portkey|helicone|huggingface|https?|s3|gs|az|package):")


class Place(NamedTuple):
    """Where the text of a prompt is."""

    path: Path | None = None
    """A file of its own; None: the config itself."""
    number: int = 0
    """Which one of several prompts in that file, from 1; 0: the file is one prompt."""
    fault: SecantError | None = None
    """Why there is none: of no concern to the other prompts of the config."""


class Entry(NamedTuple):
    """A prompt of the config."""

    names: tuple[str, ...]
    """Label, id, number: what it may be asked for by, the best first."""
    node: yaml.ScalarNode
    parent: yaml.Node
    place: Place

    @property
    def path(self) -> Path | None:
        return self.place.path


def entries(source: Source, root: yaml.Node) -> list[Entry]:
    """The prompts of the config, each file that a pattern names on its own. Raises BadRequest with the line."""
    found: list[Entry] = []
    for label, identity, node, parent in _written(source, root):
        try:
            places = list(_places(source, node))
        except SecantError as error:
            places = [Place(fault=error)]
        for place in places:
            shown = place.path.name if place.path else ""
            function = node.value.strip().rpartition("/")[2] if is_program(shown) else ""
            names = [label, identity, shown, function]
            if place.number:
                names = [f"{name}:{place.number}" for name in names if name]
            found.append(Entry((*(name for name in names if name), str(len(found) + 1)), node, parent, place))
    return found


def shown_names(found: Sequence[Entry]) -> tuple[str, ...]:
    """What to call each prompt: the best of its names that no other has."""
    used = Counter(name for entry in found for name in dict.fromkeys(entry.names))
    return tuple(next((name for name in entry.names if used[name] == 1), entry.names[-1]) for entry in found)


def chosen(source: Source, found: Sequence[Entry], name: str) -> Entry:
    """The prompt of that label, id or number. Raises BadRequest naming those that there are."""
    if not name and len(found) == 1:
        return found[0]
    names = shown_names(found)
    listed = ", ".join(names)
    if not name:
        raise BadRequest(
            f"the config has {len(found)} prompts",
            hint=f"Say which, for example {source.path}::{names[0]}. There are: {listed}.",
            where=str(source.path),
        )
    named = [entry for entry in found if name in entry.names[:-1]] or [e for e in found if name == e.names[-1]]
    if not named:
        near = difflib.get_close_matches(name, [n for entry in found for n in entry.names], n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise BadRequest(
            f"the config has no prompt {name!r}", hint=f"{meant}There are: {listed}.", where=str(source.path)
        )
    return named[0]


def _written(source: Source, root: yaml.Node) -> Iterator[tuple[str, str, yaml.ScalarNode, yaml.Node]]:
    """Label, id, text and parent of each entry as it stands there."""
    prompts = member(root, "prompts")
    if isinstance(prompts, yaml.ScalarNode):
        yield "", "", prompts, root
    elif isinstance(prompts, yaml.MappingNode):  # an older form: file to label
        for key, label in members(prompts):
            if isinstance(key, yaml.ScalarNode):
                yield text_of(label), text_of(key), key, prompts
    for node in items(prompts):
        if isinstance(node, yaml.ScalarNode):
            yield "", "", node, prompts or root
            continue
        content = member(node, "raw") or member(node, "prompt") or member(node, "id")
        if not isinstance(content, yaml.ScalarNode):
            raise bad_node(source, node, "a prompt is a text, or has `id: file://...` or `raw: ...`")
        yield text_of(member(node, "label")), text_of(member(node, "id")), content, node


def _places(source: Source, node: yaml.ScalarNode) -> Iterator[Place]:
    """The files that an entry names; no path for a prompt that stands in the config itself. Raises BadRequest."""
    text = node.value.strip()
    folder = source.path.parent
    if _ELSEWHERE.match(text) and not re.search(r"\s", text):
        raise bad_node(source, node, f"the prompt {text} is kept elsewhere", "Name a prompt that is a text.")
    if not _is_path(text, folder):
        yield Place()
        return
    named = text.removeprefix(SCHEME)
    if has_pattern(named) and not (folder / named).is_file():
        pattern = re.sub(r":\w+$", "", named.removeprefix("./"))
        matching = sorted(path for path in folder.glob(pattern) if path.is_file()) if pattern[:1] != "/" else []
        if not matching:
            raise bad_node(source, node, f"no file is named {text}")
    else:
        matching = [folder / re.sub(r"(\.(?:py|js|cjs|mjs|ts|cts|mts)):\w+$", r"\1", named)]
    for path in matching:
        yield from (Place(path, number) for number in _numbers(source, path))


def _is_path(text: str, folder: Path) -> bool:
    """Whether an entry names files, as promptfoo judges it; with a space in it only where there is such a file."""
    if "\n" in text or not text:
        return False
    if text.startswith(SCHEME):
        return True
    suffix = Path(text).suffix.casefold()
    known = suffix in (*TEXTS, *CHATS, *_OTHERS) or is_program(text)
    if re.search(r"\s", text) or "{{" in text:
        return known and (folder / text).is_file()
    return known or (has_pattern(text) and ("/" in text or "." in text))


def _numbers(source: Source, path: Path) -> Sequence[int]:
    """The numbers of the prompts in a file that has several; 0 for one that is a prompt as a whole."""
    if path.suffix.casefold() not in SPLIT or not path.is_file():
        return [0]
    return range(1, len(plain.segments(source.other(path).text)) + 1) or [0]
