"""promptfoo configs: one of their prompts, inline or in a file of its own, with the config's tests as cases.

Prompts are Nunjucks templates; they are read and rendered as Jinja. A prompt that is a JSON list of messages is a chat.
The text of `file://` prompts lives in that other file: that is what is opened, and written.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import yaml

from secant.errors import BadRequest, WriteRefused
from secant.promptfiles.document import PromptPart, Syntax
from secant.promptfiles.formats import chat, markdown, plain
from secant.promptfiles.formats.promptfoo_files import is_program
from secant.promptfiles.formats.promptfoo_prompts import CHATS, SPLIT, TEXTS, Entry, chosen, entries, shown_names
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
from secant.promptfiles.formats.yamltext import items, meaning, member

_SYNTAX: tuple[Syntax, ...] = ("jinja",)
_FORMAT = "promptfoo config"
_MAKING = re.compile(r"\{%|:\s*\{\{")
"""What a list of messages has that only a template makes one."""


def open_promptfoo(source: Source, name: str = "") -> FileDocument:
    """The prompt of that label, id or number, which may be left out where the config has one.

    Raises BadRequest with the line for what cannot be read, and for an unknown name with those that there are.
    """
    root = parsed(source)
    found = entries(source, root)
    if not found:
        raise _empty(source)
    entry = chosen(source, found, name)
    shown = "" if len(found) == 1 and not name else shown_names(found)[found.index(entry)]
    return _opened(source, root, entry, shown)


def open_named(config: Source, file: Source, number: int = 0) -> FileDocument | None:
    """The prompt in a file that a config names, with the config's tests; None where it does not name the file.

    `number` is that of a prompt in a file with several. Raises BadRequest.
    """
    root = parsed(config)
    named = [entry for entry in entries(config, root) if entry.path is not None and _same(entry.path, file.path)]
    entry = next((entry for entry in named if not number or entry.place.number == number), None)
    if entry is None:
        return None
    if not number and len(named) > 1 and entry.place.number:
        last = max(entry.place.number for entry in named)
        raise BadRequest(
            f"the file has {last} prompts, between lines of ---",
            hint=f"Say which, by its number: {file.path}::1 to {file.path}::{last}.",
            where=str(file.path),
        )
    return _opened(config, root, entry, file=file)


def standing(source: Source) -> Standing:
    """The prompts of a config; those that are made by a program or cannot be had are left out. Raises BadRequest."""
    root = parsed(source)
    found = entries(source, root)
    if not found:
        raise _empty(source)
    named = zip(found, shown_names(found), strict=True)
    stand = [_stands(source, root, entry, name if len(found) > 1 else "") for entry, name in named]
    tests = [member(root, key) for key in ("tests", "scenarios")]
    has_some = any(bool(items(each)) if isinstance(each, yaml.SequenceNode) else each is not None for each in tests)
    return Standing(tuple(each for each in stand if each is not None), has_some)


def _stands(source: Source, root: yaml.Node, entry: Entry, name: str) -> FileDocument | PromptFile | None:
    if entry.place.fault is not None:
        return None
    if entry.path is None:
        return replace(_inline(source, root, entry), name=name)
    if entry.path.suffix.casefold() not in (*TEXTS, *CHATS):
        return None
    return PromptFile(name or entry.names[0], entry.path, line_of(entry.node))


def _empty(source: Source) -> BadRequest:
    return no_prompt(source, "it has no prompts", "prompts:\n  - 'Translate: {{text}}'")


def prompt_names(source: Source) -> tuple[str, ...]:
    """What the prompts of a config may be asked for by. Raises BadRequest."""
    return shown_names(entries(source, parsed(source)))


def _opened(
    source: Source, root: yaml.Node, entry: Entry, shown: str = "", *, file: Source | None = None
) -> FileDocument:
    """The prompt of an entry, with all that the config says of it. `file` is where it stands, if that was read."""
    if entry.place.fault is not None:
        raise entry.place.fault
    if entry.path is None:
        document = _inline(source, root, entry)
    else:  # a file of its own needs no name: it is opened, and written, as itself
        document = _in_file(source, entry, file)
        shown = str(entry.place.number) if entry.place.number else ""
    notices: list[str] = []
    data = test_data(source, root, notices, entry.names[:-1], framed=len(document.slots) == 1)
    providers = items(member(root, "providers")) or [member(root, "providers"), *items(member(root, "targets"))]
    provider = next((node for node in providers if node is not None), None)
    config = read_mapping(source, member(provider, "config"))
    return replace(
        document,
        name=shown,
        description=text_of(member(root, "description")),
        model=text_of(provider) or text_of(member(provider, "id")),
        parameters={key: value for key, value in config.items() if isinstance(value, int | float | str)},
        data=data,
        notices=(*document.notices, *notices),
    )


def _inline(source: Source, root: yaml.Node, entry: Entry) -> FileDocument:
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


def _again(source: Source, entry: Entry) -> FileDocument:
    """The same prompt in another version of the file."""
    root = parsed(source)
    found = entries(source, root)
    number = int(entry.names[-1])
    if len(found) < number:
        raise no_prompt(source, f"it has no prompt {number}")
    return _inline(source, root, found[number - 1])


def _in_file(source: Source, entry: Entry, file: Source | None) -> FileDocument:
    path = entry.path
    assert path is not None
    suffix = path.suffix.casefold()
    if suffix not in (*TEXTS, *CHATS):
        what = "is made by a program" if is_program(path.name) else f"stands in a file ending in {suffix or path.name}"
        raise BadRequest(
            f"the prompt {text_of(entry.node)} {what}, and has no text to refine",
            hint="Name a prompt that is a text.",
            where=f"{source.path}:{line_of(entry.node)}",
        )
    file = file or source.other(path)
    document = _as_chat(file) if suffix in CHATS else _as_template(file, entry.place.number)
    return replace(document, format=f"prompt of a {_FORMAT}")


def _as_chat(source: Source) -> FileDocument:
    try:
        return chat.open_chat(source, _SYNTAX)
    except BadRequest as error:
        if not _MAKING.search(source.text):
            raise
        raise BadRequest(
            "a template makes the messages of this prompt, so that they are no texts to refine",
            hint="Name a prompt whose messages are written out.",
            where=error.where,
        ) from error


def _as_template(source: Source, number: int) -> FileDocument:
    """A text file, or one of the prompts in it, as promptfoo takes it: Nunjucks, whatever its name."""
    is_markdown = source.path.suffix.casefold() in markdown.SUFFIXES
    document = markdown.open_markdown(source) if is_markdown else plain.open_plain(source, number)
    slots = tuple(slot._replace(part=slot.part.model_copy(update={"syntax": _SYNTAX})) for slot in document.slots)

    def again(other: Source) -> FileDocument:
        if not number and other.path.suffix.casefold() in SPLIT and plain.segments(other.text):
            raise WriteRefused("it would be several prompts, between lines of ---")
        return _as_template(other, number)

    return replace(document, slots=slots, again=again)


def _same(first: Path, second: Path) -> bool:
    return os.path.realpath(first) == os.path.realpath(second)
