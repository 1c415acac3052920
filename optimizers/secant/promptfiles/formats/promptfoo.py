"""promptfoo configs: one of their prompts, inline or in a file of its own, with the config's tests as cases.

Prompts are Nunjucks templates; they are read and rendered as Jinja. A prompt that is a JSON list of messages is a chat.
The text of `file://` prompts lives in that other file: that is what is opened, and written.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import yaml

from secant.errors import BadRequest
from secant.promptfiles.document import PromptPart, Syntax
from secant.promptfiles.formats import chat, markdown, plain
from secant.promptfiles.formats.promptfoo_tests import test_data
from secant.promptfiles.formats.source import FileDocument, Source
from secant.promptfiles.formats.standing import PromptFile, Standing
from secant.promptfiles.formats.yamlconfig import (
    bad_node,
    line_of,
    no_prompt,
    parsed,
    read_mapping,
    shared_notices,
    text_of,
)
from secant.promptfiles.formats.yamlscalar import scalar_slot
from secant.promptfiles.formats.yamltext import items, meaning, member, members

_SYNTAX: tuple[Syntax, ...] = ("jinja",)
_TEXTS = (*plain.TEXT_SUFFIXES, *plain.JINJA_SUFFIXES, *markdown.SUFFIXES)
_CHATS = (".json", ".yaml", ".yml")
_ELSEWHERE = re.compile(r"(exec|langfuse|portkey|helicone|huggingface|https?|s3|gs|az|package):")
_FORMAT = "promptfoo config"


class _Entry(NamedTuple):
    """A prompt of the config."""

    names: tuple[str, ...]
    """Label, id, number: what it may be asked for by, the best first."""
    node: yaml.ScalarNode
    parent: yaml.Node
    path: Path | None
    """Where its text is in a file of its own."""


def open_promptfoo(source: Source, name: str = "") -> FileDocument:
    """The prompt of that label, id or number, which may be left out where the config has one.

    Raises BadRequest with the line for what cannot be read, and for an unknown name with those that there are.
    """
    root = parsed(source)
    entries = _entries(source, root)
    if not entries:
        raise _empty(source)
    entry = _chosen(source, entries, name)
    # a file of its own needs no name: it is opened, and written, as itself
    shown = entry.names[0] if (len(entries) > 1 or name) and entry.path is None else ""
    notices: list[str] = []
    data = test_data(source, root, notices)
    providers = items(member(root, "providers")) or [member(root, "providers"), *items(member(root, "targets"))]
    provider = next((node for node in providers if node is not None), None)
    config = read_mapping(source, member(provider, "config"))
    model = text_of(provider) or text_of(member(provider, "id"))
    document = _in_file(source, entry) if entry.path is not None else _inline(source, root, entry)
    return replace(
        document,
        name=shown,
        description=text_of(member(root, "description")),
        model=model,
        parameters={key: value for key, value in config.items() if isinstance(value, int | float | str)},
        data=data,
        notices=(*document.notices, *notices),
    )


def standing(source: Source) -> Standing:
    """The prompts of a config; those that are made by a program are left out. Raises BadRequest."""
    root = parsed(source)
    entries = _entries(source, root)
    if not entries:
        raise _empty(source)
    found = (_stands(source, root, entry, several=len(entries) > 1) for entry in entries)
    tests = member(root, "tests")
    has_some = bool(items(tests)) if isinstance(tests, yaml.SequenceNode) else tests is not None
    return Standing(tuple(each for each in found if each is not None), has_some)


def _stands(source: Source, root: yaml.Node, entry: _Entry, *, several: bool) -> FileDocument | PromptFile | None:
    name = entry.names[0]
    if entry.path is None:
        return replace(_inline(source, root, entry), name=name if several else "")
    if entry.path.suffix.casefold() not in (*_TEXTS, *_CHATS):
        return None
    return PromptFile(name, entry.path, line_of(entry.node))


def prompt_names(source: Source) -> tuple[str, ...]:
    """What the prompts of a config may be asked for by. Raises BadRequest."""
    return tuple(entry.names[0] for entry in _entries(source, parsed(source)))


def _empty(source: Source) -> BadRequest:
    return no_prompt(source, "it has no prompts", "prompts:\n  - 'Translate: {{text}}'")


def _inline(source: Source, root: yaml.Node, entry: _Entry) -> FileDocument:
    part = PromptPart(name="prompt", role="user", text="", syntax=_SYNTAX)
    slot = scalar_slot(source, part, entry.node, entry.parent)
    if not slot.part.text:
        raise bad_node(source, entry.node, "this prompt is empty", "Write the prompt into it.")
    slots, said = (slot,), ""
    if chat.is_chat(slot.whole):
        slots, said = chat.nested_slots(slot, source, _SYNTAX), chat.nested_meaning(slot, source)
    return FileDocument(
        source=source,
        format=_FORMAT,
        slots=slots,
        again=lambda other: _again(other, entry),
        notices=tuple(shared_notices(source, root, [entry.node])),
        rest=meaning(root, frozenset({id(entry.node)})) + said,
    )


def _again(source: Source, entry: _Entry) -> FileDocument:
    """The same prompt in another version of the file."""
    root = parsed(source)
    entries = _entries(source, root)
    number = int(entry.names[-1])
    if len(entries) < number:
        raise no_prompt(source, f"it has no prompt {number}")
    return _inline(source, root, entries[number - 1])


def _in_file(source: Source, entry: _Entry) -> FileDocument:
    path = entry.path
    assert path is not None
    where = f"{source.path}:{line_of(entry.node)}"
    suffix = path.suffix.casefold()
    if suffix not in (*_TEXTS, *_CHATS):
        raise BadRequest(
            f"the prompt {text_of(entry.node)} is made by a program or kept elsewhere, and has no text to refine",
            hint="Name a prompt that is a text.",
            where=where,
        )
    file = source.other(path)
    if suffix in _CHATS:
        document = chat.open_chat(file, _SYNTAX)
    else:
        if suffix in plain.TEXT_SUFFIXES and re.search(r"^---[ \t]*$", file.text, re.MULTILINE):
            raise BadRequest(
                "the file holds several prompts, separated by ---", hint="Give each a file of its own.", where=str(path)
            )
        document = _as_template(file)
    return replace(document, format=f"prompt of a {_FORMAT}")


def _as_template(source: Source) -> FileDocument:
    """A text file as promptfoo takes it: Nunjucks, whatever its name."""
    is_markdown = source.path.suffix.casefold() in markdown.SUFFIXES
    document = markdown.open_markdown(source) if is_markdown else plain.open_plain(source)
    slots = tuple(slot._replace(part=slot.part.model_copy(update={"syntax": _SYNTAX})) for slot in document.slots)
    return replace(document, slots=slots, again=_as_template)


# --- which prompt


def _entries(source: Source, root: yaml.Node) -> list[_Entry]:
    """The prompts of the config, each file that a pattern names on its own."""
    prompts = member(root, "prompts")
    found: list[tuple[str, str, yaml.ScalarNode, yaml.Node]] = []
    if isinstance(prompts, yaml.ScalarNode):
        found.append(("", "", prompts, root))
    elif isinstance(prompts, yaml.MappingNode):  # an older form: file to label
        found += [
            (text_of(label), text_of(key), key, prompts)
            for key, label in members(prompts)
            if isinstance(key, yaml.ScalarNode)
        ]
    for node in items(prompts):
        if isinstance(node, yaml.ScalarNode):
            found.append(("", "", node, prompts or root))
            continue
        label, identity = text_of(member(node, "label")), text_of(member(node, "id"))
        content = member(node, "raw") or member(node, "prompt") or member(node, "id")
        if not isinstance(content, yaml.ScalarNode):
            raise bad_node(source, node, "a prompt is a text, or has `id: file://...` or `raw: ...`")
        found.append((label, identity, content, node))
    entries: list[_Entry] = []
    for label, identity, node, parent in found:
        for path in _paths(source, node):
            names = [label, identity, path.name if path else "", str(len(entries) + 1)]
            entries.append(_Entry(tuple(n for n in names if n), node, parent, path))
    return entries


def _paths(source: Source, node: yaml.ScalarNode) -> Sequence[Path | None]:
    """The files that an entry names; None for a prompt that stands in the config itself. Raises BadRequest."""
    text = node.value.strip()
    folder = source.path.parent
    if "\n" in text or not text:
        return [None]
    if text.startswith("file://"):
        named = text.removeprefix("file://")
        if any(c in named for c in "*?["):
            pattern = named.removeprefix("./")
            matching = sorted(path for path in folder.glob(pattern) if path.is_file()) if pattern[:1] != "/" else []
            if not matching:
                raise bad_node(source, node, f"no file is named {text}")
            return list(matching)
        return [folder / re.sub(r"(\.(?:py|js|cjs|mjs|ts)):\w+$", r"\1", named)]
    if _ELSEWHERE.match(text):
        raise bad_node(source, node, f"the prompt {text} is kept elsewhere", "Name a prompt that is a text.")
    is_path = " " not in text and Path(text).suffix.casefold() in (*_TEXTS, *_CHATS) and (folder / text).is_file()
    return [folder / text] if is_path else [None]


def _chosen(source: Source, entries: Sequence[_Entry], name: str) -> _Entry:
    if not name and len(entries) == 1:
        return entries[0]
    listed = ", ".join(entry.names[0] for entry in entries)
    if not name:
        raise BadRequest(
            f"the config has {len(entries)} prompts",
            hint=f"Say which, for example {source.path}::{entries[0].names[0]}. There are: {listed}.",
            where=str(source.path),
        )
    named = [entry for entry in entries if name in entry.names[:-1]] or [e for e in entries if name == e.names[-1]]
    found = next(iter(named), None)
    if found is None:
        near = difflib.get_close_matches(name, [n for entry in entries for n in entry.names], n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise BadRequest(
            f"the config has no prompt {name!r}", hint=f"{meant}There are: {listed}.", where=str(source.path)
        )
    return found
