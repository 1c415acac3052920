"""What the formats that are YAML share: read with errors that name the line, and messages named by their roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

import yaml
from pydantic import JsonValue

from secant.errors import BadRequest
from secant.promptfiles.document import Role
from secant.promptfiles.formats.source import Source
from secant.promptfiles.formats.yamltext import YamlFault, children, tree, value


def parsed(source: Source) -> yaml.Node:
    """The file as a mapping of nodes. Raises BadRequest with the line."""
    try:
        root = tree(source.text)
    except YamlFault as fault:
        raise BadRequest(
            f"the file cannot be read as YAML: {fault.message}", where=f"{source.path}:{fault.line}"
        ) from fault
    if root is None:
        raise no_prompt(source, "it has nothing but comments")
    return root


def read_value(source: Source, node: yaml.Node | None) -> Any:
    """What a node stands for. Raises BadRequest with the line."""
    if node is None:
        return None
    try:
        return value(node)
    except YamlFault as fault:
        raise BadRequest(fault.message, where=f"{source.path}:{fault.line}") from fault


def read_mapping(source: Source, node: yaml.Node | None) -> Mapping[str, JsonValue]:
    """What a mapping stands for; nothing for any other node."""
    found = read_value(source, node)
    return cast("Mapping[str, JsonValue]", found) if isinstance(found, dict) else {}


def text_of(node: yaml.Node | None) -> str:
    """A scalar's text; empty for any other node."""
    return node.value if isinstance(node, yaml.ScalarNode) else ""


def line_of(node: yaml.Node) -> int:
    """Where a node begins, from 1."""
    return node.start_mark.line + 1


def no_prompt(source: Source, why: str, hint: str = "Write the prompt into it.") -> BadRequest:
    """The error for a file without a prompt's text."""
    return BadRequest(f"there is no prompt text in the file: {why}", hint=hint, where=str(source.path))


def bad_node(source: Source, node: yaml.Node, message: str, hint: str = "") -> BadRequest:
    """The error for a part of the file."""
    return BadRequest(message, hint=hint, where=f"{source.path}:{line_of(node)}")


def named_by_role(roles: Sequence[Role]) -> tuple[str, ...]:
    """Names of parts: their role, with a number from the second on."""
    if len(roles) == 1:
        return ("prompt",)
    counts: Counter[str] = Counter()
    names: list[str] = []
    for role in roles:
        counts[role] += 1
        names.append(role if counts[role] == 1 else f"{role} {counts[role]}")
    return tuple(names)


def shared_notices(source: Source, root: yaml.Node, nodes: Sequence[yaml.Node]) -> list[str]:
    """What is to be said of texts that stand at an anchor which is used elsewhere, themselves or what they stand in."""
    seen: set[int] = set()
    shared: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, below = stack.pop()
        again = below or id(node) in seen
        if id(node) in shared:
            continue
        if again:
            shared.add(id(node))
        seen.add(id(node))
        stack += [(child, again) for child in children(node)]
    found = {id(node): node for node in nodes if id(node) in shared}
    return [
        f"{source.path}:{line_of(node)}: this text stands at an anchor; it changes wherever that is used"
        for node in found.values()
    ]
