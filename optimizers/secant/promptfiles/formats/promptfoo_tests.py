"""The tests of a promptfoo config as eval data: inline, and in the files that they name.

A variable with a list of values makes a case of each, as promptfoo has it. What is not understood is named in a notice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import JsonValue

from secant.errors import BadRequest
from secant.promptfiles.evaldata.rows import CheckSpec, EvalData, Row
from secant.promptfiles.formats.promptfoo_asserts import Asserts
from secant.promptfiles.formats.source import Source
from secant.promptfiles.formats.yamlconfig import bad_node, line_of, read_mapping, read_value
from secant.promptfiles.formats.yamltext import YamlFault, items, load, member

_MOST_COMBINATIONS = 1000
_PROGRAMS = (".js", ".cjs", ".mjs", ".ts", ".py")
_ELSEWHERE = ("huggingface://", "http://", "https://", "sharepoint://", "s3://")
_UNUSED = ("options", "provider", "providers", "threshold", "assertScoringFunction", "prompts")


def test_data(source: Source, root: yaml.Node, notices: list[str]) -> EvalData | None:
    """The cases of the config; None where it has none. Raises BadRequest with the line."""
    asserts = Asserts(source, read_mapping(source, member(root, "assertionTemplates")))
    default = _default(source, root, asserts)
    given: Mapping[str, JsonValue] = _variables(source, default.get("vars"), 1)
    always = default.get("assert")
    templated = "{{" in str(always)
    found: list[Row] = []
    files: list[EvalData] = []
    for node in _tests(member(root, "tests")):
        if isinstance(node, yaml.ScalarNode):
            files += _from_file(source, node, asserts)
        else:
            found += _rows(source, node, given, always if templated else None, asserts)
    rows = _numbered(found)
    for data in files:
        rows += [_with_default(row, given, always if templated else None, asserts) for row in data.rows]
        notices += data.notices
    checks: tuple[CheckSpec, ...] = ()
    if not templated:
        checks = asserts.checks(always, _line(member(root, "defaultTest")), given)
    for key in ("scenarios", "nunjucksFilters"):
        node = member(root, key)
        if node is not None:
            asserts.leave_out(f"`{key}` is not supported", line_of(node))
    notices += asserts.notices
    if not rows:
        return None
    digests = {str(source.path): source.digest, **{"\n".join(data.paths): data.digest for data in files}}
    digest = hashlib.sha256("\n".join(digests.values()).encode()).hexdigest() if files else source.digest
    paths = [str(source.path), *(path for data in files for path in data.paths)]
    shared = [check for data in files for check in data.checks]
    return EvalData(paths=tuple(dict.fromkeys(paths)), rows=_told_apart(rows), checks=(*checks, *shared), digest=digest)


def _tests(node: yaml.Node | None) -> Sequence[yaml.Node]:
    if node is None:
        return ()
    return items(node) if isinstance(node, yaml.SequenceNode) else (node,)


def _default(source: Source, root: yaml.Node, asserts: Asserts) -> Mapping[str, Any]:
    """`defaultTest`, perhaps in a file of its own."""
    node = member(root, "defaultTest")
    if isinstance(node, yaml.ScalarNode) and node.value.startswith("file://"):
        found = _loaded(source, node.value, line_of(node))
        return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}
    default = read_mapping(source, node)
    _say_unused(default, _line(node), asserts)
    return default


def _rows(
    source: Source, node: yaml.Node, given: Mapping[str, JsonValue], always: Any, asserts: Asserts
) -> Iterator[Row]:
    """The cases of one test: several where a variable has several values."""
    test = read_value(source, node)
    line = line_of(node)
    if not isinstance(test, dict):
        raise bad_node(source, node, "a test is a mapping", "For example: - vars: {text: Hello}")
    known = cast("dict[str, Any]", test)
    _say_unused(known, line, asserts)
    variables = {**given, **_variables(source, known.get("vars"), line)}
    lists = {name: value for name, value in variables.items() if isinstance(value, list)}
    combinations = list(product(*lists.values())) if lists else [()]
    if len(combinations) > _MOST_COMBINATIONS:
        raise bad_node(source, node, f"the variables of this test make {len(combinations)} cases")
    for chosen in combinations:
        fields: dict[str, JsonValue] = {**variables, **dict(zip(lists, chosen, strict=True))}
        checks = (*asserts.checks(known.get("assert"), line, fields), *asserts.checks(always, line, fields))
        exact = next((c.value for c in checks if c.kind == "exact" and not c.negate), None)
        yield Row(id="", path=str(source.path), line=line, fields=fields, expected=exact, checks=checks)


def _variables(source: Source, value: Any, line: int) -> Mapping[str, JsonValue]:
    """The variables of a test; one that is `file://...` is what stands in the file."""
    if isinstance(value, str) and value.startswith("file://"):
        value = _loaded(source, value, line)
    if not isinstance(value, dict):
        return {}
    found = cast("dict[str, Any]", value)
    return {
        name: _loaded(source, each, line) if isinstance(each, str) and each.startswith("file://") else each
        for name, each in found.items()
    }


def _loaded(source: Source, value: str, line: int) -> Any:
    """What stands in a file: YAML and JSON as values, all else as text. Raises BadRequest."""
    path = source.path.parent / value.removeprefix("file://")
    if path.suffix.casefold() in _PROGRAMS:
        raise BadRequest(f"{value} is a program, which is not run for a test", where=f"{source.path}:{line}")
    text = source.other(path).text
    if path.suffix.casefold() not in (".yaml", ".yml", ".json"):
        return text.strip()
    try:
        return load(text)
    except YamlFault as fault:
        raise BadRequest(f"the file cannot be read as YAML: {fault.message}", where=f"{path}:{fault.line}") from fault


def _from_file(source: Source, node: yaml.ScalarNode, asserts: Asserts) -> Iterator[EvalData]:
    """The tests in the files that an entry names."""
    named = node.value.strip()
    if named.startswith(_ELSEWHERE) or Path(named).suffix.casefold().partition(":")[0] in _PROGRAMS:
        asserts.leave_out(f"tests from {named} are not supported", line_of(node))
        return
    from secant.promptfiles.evaldata.reading import read_data  # noqa: PLC0415  most configs name no file

    pattern = named.removeprefix("file://").removeprefix("./")
    folder = source.path.parent
    if any(c in pattern for c in "*?["):
        matching = sorted(path for path in folder.glob(pattern) if path.is_file())
        if not matching:
            raise bad_node(source, node, f"no file is named {named}")
        yield from (read_data(path, unsaved=source.held(path)) for path in matching)
    else:
        path = folder / pattern
        yield read_data(path, unsaved=source.held(path), buffers=source.buffers)


def _with_default(row: Row, given: Mapping[str, JsonValue], always: Any, asserts: Asserts) -> Row:
    fields = {**given, **row.fields}
    checks = (*row.checks, *asserts.checks(always, row.line, fields))
    return row.model_copy(update={"fields": fields, "checks": checks})


def _say_unused(test: Mapping[str, Any], line: int, asserts: Asserts) -> None:
    for name in _UNUSED:
        if test.get(name):
            asserts.leave_out(f"`{name}` of a test is not supported", line)


def _numbered(rows: Sequence[Row]) -> list[Row]:
    return [row.model_copy(update={"id": str(number)}) for number, row in enumerate(rows, 1)]


def _told_apart(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Ids that several files use get the file's name in front."""
    seen: dict[str, int] = {}
    for row in rows:
        seen[row.id] = seen.get(row.id, 0) + 1
    return tuple(
        row if seen[row.id] == 1 else row.model_copy(update={"id": f"{Path(row.path).name}:{row.id}"}) for row in rows
    )


def _line(node: yaml.Node | None) -> int:
    return line_of(node) if node is not None else 1
