"""YAML as a tree of nodes with their places, and the values that it stands for, read as YAML 1.2 has them.

PyYAML's own values are those of YAML 1.1, where `no` is false and `012` is 10; GitHub Models and promptfoo read 1.2.
JSON is read here too: it is YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from secant.promptfiles.formats.lines import LINE_END

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_NODES = 1_000_000
"""With aliases written out: ten lines can stand for more values than a machine holds."""
PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
"""A character beyond U+FFFF as JSON may escape it, which is no escape of YAML."""
_STAND_IN = re.compile("[\ue000-\ue3ff][\ue400-\ue7ff]")
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
    pairs = bool(PAIR.search(text))
    loader = _Loader(PAIR.sub(_stand_in, text) if pairs else text)
    try:
        node = loader.get_single_node()
        if pairs and node is not None:
            _restore(node, set())
        return node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = str(error.problem or error.context or "it cannot be read")
        lines = LINE_END.split(text)
        number = min(mark.line, len(lines) - 1) if mark else 0
        indented = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
        hint = "; indent with spaces, not with tabs" if "\t" in indented else ""
        raise YamlFault(f"{what}{hint}", number + 1) from error
    except yaml.YAMLError as error:  # a character that YAML does not have
        position = getattr(error, "position", 0)
        raise YamlFault(str(getattr(error, "reason", error)), text[:position].count("\n") + 1) from error
    except RecursionError as error:
        raise YamlFault("it is nested too deeply", 1) from error
    finally:
        loader.dispose()


def _stand_in(pair: re.Match[str]) -> str:
    """Two characters of the private use area, as long as the two escapes, so that every place stays."""
    high, low = int(pair[1], 16), int(pair[2], 16)
    return f"\\u{high - 0xD800 + 0xE000:04x}\\u{low - 0xDC00 + 0xE400:04x}"


def _restore(node: yaml.Node, seen: set[int]) -> None:
    """The characters that stand-ins stand for."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode) and node.style == '"':
        node.value = _STAND_IN.sub(
            lambda pair: chr(0x10000 + ((ord(pair[0][0]) - 0xE000) << 10) + ord(pair[0][1]) - 0xE400), node.value
        )
    for child in children(node):
        _restore(child, seen)


def load(text: str) -> Any:
    """What a YAML text says. Raises YamlFault."""
    node = tree(text)
    return None if node is None else value(node)


def value(node: yaml.Node) -> Any:
    """What a node stands for: texts, numbers, lists, mappings with texts for keys. Raises YamlFault."""
    try:
        _require_finite(node, {}, set())
        return _read(node)
    except RecursionError as error:
        raise YamlFault("it is nested too deeply", 1) from error


def _read(node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _read(item) for key, item in members(node)}
    return [_read(item) for item in node.value]


def _require_finite(node: yaml.Node, sizes: dict[int, int], around: set[int]) -> int:
    """How many values a node stands for. Raises YamlFault for too many, and for one that holds itself."""
    if id(node) in around:
        raise YamlFault("an anchor holds an alias of itself", node.start_mark.line + 1)
    if id(node) not in sizes:
        around.add(id(node))
        size = 1 + sum(_require_finite(each, sizes, around) for each in children(node))
        around.discard(id(node))
        if size > _MOST_NODES:
            raise YamlFault("its aliases stand for too many values", node.start_mark.line + 1)
        sizes[id(node)] = size
    return sizes[id(node)]


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


def children(node: yaml.Node) -> list[yaml.Node]:
    """Keys, values and items of a node; nothing of a scalar."""
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return items(node)


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
