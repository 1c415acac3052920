"""A list of messages, `[{role, content}, ...]`, as JSON or YAML: a file of its own, or a text inside another file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import yaml

from secant.promptfiles.document import PromptPart, Role, Syntax
from secant.promptfiles.formats.source import FileDocument, Slot, Source, source_of
from secant.promptfiles.formats.yamlconfig import bad_node, named_by_role, no_prompt, parsed, shared_notices
from secant.promptfiles.formats.yamlscalar import scalar_slot
from secant.promptfiles.formats.yamltext import YamlFault, items, meaning, member, tree

_SHAPE = "- role: user\n  content: ..."
ROLES = ("system", "developer", "user", "assistant")


def open_chat(source: Source, syntax: tuple[Syntax, ...] = ("mustache",)) -> FileDocument:
    """The messages in a file. Raises BadRequest with the line."""
    root = parsed(source)
    contents = [content for _, content, _ in messages(source, root)]
    slots = message_slots(source, root, syntax)
    if not any(slot.part.text for slot in slots):
        raise no_prompt(source, "its messages are empty")
    return FileDocument(
        source=source,
        format="chat messages",
        slots=slots,
        again=lambda other: open_chat(other, syntax),
        notices=tuple(shared_notices(source, root, contents)),
        rest=meaning(root, frozenset(map(id, contents))),
    )


def messages(source: Source, root: yaml.Node) -> list[tuple[Role, yaml.ScalarNode, yaml.Node]]:
    """Role and content of each message, and what that stands in. Raises BadRequest for what is not a text of a role."""
    found: list[tuple[Role, yaml.ScalarNode, yaml.Node]] = []
    for message in items(root):
        role, content, parent = member(message, "role"), member(message, "content"), message
        if isinstance(content, yaml.SequenceNode):  # as some APIs have it: [{type: text, text: ...}]
            parent = _single(source, content)
            content = member(parent, "text")
        if not isinstance(content, yaml.ScalarNode) or not isinstance(role, yaml.ScalarNode):
            raise bad_node(source, message, "a message has a role and a content that is a text", _SHAPE)
        if role.value.lower() not in ROLES:
            raise bad_node(source, role, f"there is no role {role.value!r}: it is system, user or assistant")
        named = role.value.lower().replace("developer", "system")
        found.append((cast("Role", named), content, parent))
    if not found:
        raise no_prompt(source, "it has no messages", _SHAPE)
    return found


def _single(source: Source, content: yaml.SequenceNode) -> yaml.Node:
    """The only part of a message. Raises BadRequest where it has several, or one that is no text."""
    parts = items(content)
    if len(parts) != 1 or not isinstance(member(parts[0], "text"), yaml.ScalarNode):
        raise bad_node(source, content, "a message of several parts, or of an image, is no text to refine")
    return parts[0]


def message_slots(source: Source, root: yaml.Node, syntax: tuple[Syntax, ...]) -> tuple[Slot, ...]:
    """The slots of the messages."""
    found = messages(source, root)
    names = named_by_role([role for role, _, _ in found])
    return tuple(
        scalar_slot(source, PromptPart(name=name, role=role, text="", syntax=syntax), content, message)
        for name, (role, content, message) in zip(names, found, strict=True)
    )


def is_chat(text: str) -> bool:
    """Whether a text is a list of messages in JSON."""
    if not text.lstrip().startswith("["):
        return False
    try:
        nodes = items(tree(text))
    except YamlFault:
        return False
    return bool(nodes) and all(member(node, "role") is not None for node in nodes)


def nested_slots(outer: Slot, source: Source, syntax: tuple[Syntax, ...]) -> tuple[Slot, ...]:
    """The messages in a text that itself is a scalar of another file: written in the text, and the text in the file."""
    inner = source_of(source.path, outer.whole.encode("utf-8", "surrogatepass"))
    slots = message_slots(inner, parsed(inner), syntax)
    first = outer.part.first_line

    def within(slot: Slot) -> Slot:
        def rewritten(whole: str) -> Iterator[str]:
            for text in slot.rewritten(whole):
                yield from outer.rewritten(inner.text[: slot.start] + text + inner.text[slot.end :])

        part = slot.part.model_copy(update={"first_line": first, "last_line": outer.part.last_line})
        return Slot(part, outer.start, outer.end, slot.whole, rewritten)

    return tuple(map(within, slots))


def nested_meaning(outer: Slot, source: Source) -> str:
    """All that such a text says but its messages' contents."""
    inner = source_of(source.path, outer.whole.encode("utf-8", "surrogatepass"))
    root = parsed(inner)
    blank: Sequence[yaml.Node] = [content for _, content, _ in messages(inner, root)]
    return meaning(root, frozenset(map(id, blank)))
