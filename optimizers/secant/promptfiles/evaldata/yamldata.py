"""Data as YAML: a list of cases, or a mapping that holds one. Scalars are read as YAML 1.2 has them.

PyYAML reads YAML 1.1, where `no` is false, `12:30` is 750, `012` is 10 and a date is no text; data with such answers
would be judged by something that nobody wrote.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from secant.errors import BadRequest
from secant.promptfiles.evaldata.jsondata import LISTS
from secant.promptfiles.evaldata.records import Contents, NotJson, Record, bad

if TYPE_CHECKING:
    import yaml

_MOST_NODES = 5_000_000
"""With aliases written out: ten lines can stand for more values than a machine holds."""
_CORE = {
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    "float": (
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+0123456789."),
    ),
}
"""The core schema of YAML 1.2.2, section 10.3.2: how plain scalars are resolved, and their first characters."""


def yaml_document(text: str, path: Path) -> Contents:
    """Raises BadRequest with the line for what is malformed, recursive, or no value of JSON."""
    import yaml  # noqa: PLC0415 not needed where data is JSON

    loader = _loader()(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Contents(())
        _require_finite(node, path)
        return _contents(loader, node, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"this is no YAML that can be read: {error.problem or error.context}"
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        hint = "Indent with spaces." if "tab character" in what or "\\t" in what else ""
        raise bad(path, line, f"{what} (column {column})", hint) from error
    except yaml.YAMLError as error:
        raise BadRequest(f"this is no YAML that can be read: {error}", where=str(path)) from error
    except RecursionError as error:
        raise BadRequest("this YAML is nested too deeply", where=str(path)) from error
    finally:
        loader.dispose()


def _contents(loader: Any, node: yaml.Node, path: Path) -> Contents:
    import yaml  # noqa: PLC0415

    if isinstance(node, yaml.SequenceNode):
        return Contents(tuple(_record(loader, each, path) for each in node.value))
    if not isinstance(node, yaml.MappingNode):
        raise bad(path, node.start_mark.line + 1, "this is no list of cases", "Write each case behind a dash.")
    members = {str(key.value): value for key, value in node.value}
    lists = {name: value for name, value in members.items() if isinstance(value, yaml.SequenceNode)}
    chosen = next((name for name in LISTS if name in lists), None)
    if chosen is None and len(lists) == 1:
        chosen = next(iter(lists))
    header = {name: _value(loader, value, path) for name, value in members.items() if name != chosen}
    return Contents(tuple(_record(loader, each, path) for each in lists[chosen].value) if chosen else (), header)


def _record(loader: Any, node: yaml.Node, path: Path) -> Record:
    size = node.end_mark.index - node.start_mark.index
    return Record(node.start_mark.line + 1, _value(loader, node, path), size)


def _value(loader: Any, node: yaml.Node, path: Path) -> Any:
    try:
        return _plain(loader.construct_document(node))
    except NotJson as error:
        raise bad(path, node.start_mark.line + 1, str(error), "Write it as a text, or leave it out.") from error


def _plain(value: Any) -> Any:
    """The value with texts for keys. Raises NotJson for a number that is none, and for a key that is no scalar."""
    if isinstance(value, float) and not math.isfinite(value):
        raise NotJson(f"{value} is no value of JSON")
    if isinstance(value, list):
        return [_plain(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {_key(key): _plain(each) for key, each in cast("dict[Any, Any]", value).items()}
    return value


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, int | float) and not isinstance(key, bool):
        return str(key)
    raise NotJson(f"{key!r} is no name of a field")


def _require_finite(node: yaml.Node, path: Path) -> None:
    """Raises BadRequest for a node that holds itself, and for aliases that multiply without measure."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(each: yaml.Node) -> int:
        key = id(each)
        if key in open_nodes:
            raise bad(path, each.start_mark.line + 1, "this anchor holds an alias of itself", "Write the value out.")
        if key not in sizes:
            open_nodes.add(key)
            sizes[key] = 1 + sum(map(size, _children(each)))
            open_nodes.discard(key)
        return sizes[key]

    if size(node) > _MOST_NODES:
        raise BadRequest("the aliases stand for too many values", hint="Write the cases out.", where=str(path))


def _children(node: yaml.Node) -> list[yaml.Node]:
    import yaml  # noqa: PLC0415

    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


@cache
def _loader() -> Any:
    """A loader of PyYAML's, in C where it was built so, that knows the core schema and merge keys, and no other tag."""
    import yaml  # noqa: PLC0415

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    known = yaml.SafeLoader.yaml_constructors
    prefix = "tag:yaml.org,2002:"
    kept = {tag: known[tag] for tag in (prefix + name for name in ("null", "bool", "float", "str", "seq", "map"))}
    made: Any = type("Core", (base,), {"yaml_implicit_resolvers": {}, "yaml_constructors": {**kept, None: known[None]}})
    for name, (pattern, first) in _CORE.items():
        made.add_implicit_resolver(prefix + name, re.compile(rf"^(?:{pattern})$"), first)
    made.add_implicit_resolver(f"{prefix}merge", re.compile("^<<$"), ["<"])
    made.add_constructor(f"{prefix}int", _construct_int)
    return made


def _construct_int(loader: Any, node: Any) -> int:
    digits: str = loader.construct_scalar(node)
    return int(digits, 0) if digits[:2] in ("0o", "0x") else int(digits)
