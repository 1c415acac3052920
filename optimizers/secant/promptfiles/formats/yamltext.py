"""YAML as a tree of nodes with their places, and the values that it stands for, read as YAML 1.2 has them.

PyYAML's own values are those of YAML 1.1, where `no` is false and `012` is 10; GitHub Models and promptfoo read 1.2.
JSON is read here too: it is YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_NODES = 1_000_000
"""With aliases written out: ten lines can stand for more values than a machine holds."""
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class YamlFault(Exception):  # noqa: N818  caught by whoever knows the file
    """What is wrong, and in which line of the text, from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def tree(text: str) -> yaml.Node | None:
    """The nodes of a YAML text; None for one that says nothing. Raises YamlFault."""
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = str(error.problem or error.context or "it cannot be read")
        hint = "; indent with spaces, not with tabs" if "\\t" in what else ""
        raise YamlFault(f"{what}{hint}", mark.line + 1 if mark else 1) from error
    except yaml.YAMLError as error:  # a character that YAML does not have
        position = getattr(error, "position", 0)
        raise YamlFault(str(getattr(error, "reason", error)), text[:position].count("\n") + 1) from error
    except RecursionError as error:
        raise YamlFault("it is nested too deeply", 1) from error
    finally:
        loader.dispose()


def load(text: str) -> Any:
    """What a YAML text says. Raises YamlFault."""
    node = tree(text)
    return None if node is None else value(node)


def value(node: yaml.Node) -> Any:
    """What a node stands for: texts, numbers, lists, mappings with texts for keys. Raises YamlFault."""
    left = [_MOST_NODES]
    open_nodes: set[int] = set()

    def read(each: yaml.Node) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise YamlFault("its aliases stand for too many values", each.start_mark.line + 1)
        if isinstance(each, yaml.ScalarNode):
            return _scalar(each)
        if id(each) in open_nodes:
            raise YamlFault("an anchor holds an alias of itself", each.start_mark.line + 1)
        open_nodes.add(id(each))
        if isinstance(each, yaml.MappingNode):
            found: Any = {str(key.value): read(item) for key, item in members(each)}
        else:
            found = [read(item) for item in each.value]
        open_nodes.discard(id(each))
        return found

    try:
        return read(node)
    except RecursionError as error:
        raise YamlFault("it is nested too deeply", 1) from error


def members(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Keys and values of a mapping, those that it merges (`<<`) first; nothing of any other node."""
    if not isinstance(node, yaml.MappingNode):
        return
    own: list[tuple[yaml.Node, yaml.Node]] = []
    for key, item in node.value:
        if key.tag == "tag:yaml.org,2002:merge":
            merged = reversed(item.value) if isinstance(item, yaml.SequenceNode) else [item]
            for each in merged:
                if each is not node:
                    yield from members(each)
        else:
            own.append((key, item))
    yield from own


def member(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """The value of a key; None where there is none."""
    found = None
    for key, item in members(node):
        if isinstance(key, yaml.ScalarNode) and key.value == name:
            found = item
    return found


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """The items of a list; nothing of any other node."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def meaning(root: yaml.Node, blank: frozenset[int]) -> str:
    """All that a text says but the scalars with those ids, to compare. A node that stands in several places is told
    once, so that aliases cannot multiply it.
    """
    seen: dict[int, int] = {}

    def told(node: yaml.Node) -> str:
        if id(node) in seen:
            return f"*{seen[id(node)]}"
        seen[id(node)] = len(seen)
        if id(node) in blank:
            return "…"
        if isinstance(node, yaml.ScalarNode):
            return repr((node.tag, node.value))
        if isinstance(node, yaml.MappingNode):
            return "{" + ",".join(f"{told(key)}:{told(item)}" for key, item in node.value) + "}"
        return "[" + ",".join(map(told, node.value)) + "]"

    return told(root)


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style in ("'", '"', "|", ">") or (node.tag == "tag:yaml.org,2002:str" and not _is_word(text)):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _is_word(text: str) -> bool:
    return text in _WORDS or bool(_INT.fullmatch(text) or _FLOAT.fullmatch(text))
