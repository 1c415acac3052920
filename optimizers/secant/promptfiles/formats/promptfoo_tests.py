"""The tests of a promptfoo config as eval data: inline, in the files that they name, and those of scenarios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import yaml

from secant.promptfiles.evaldata.rows import CheckSpec, EvalData, Row
from secant.promptfiles.formats.promptfoo_asserts import Asserts
from secant.promptfiles.formats.promptfoo_cases import Cases
from secant.promptfiles.formats.promptfoo_files import (
    SCHEME,
    Files,
    Written,
    as_written,
    has_pattern,
    is_elsewhere,
    is_program,
)
from secant.promptfiles.formats.source import Source
from secant.promptfiles.formats.yamlconfig import bad_node, line_of, parsed, read_mapping
from secant.promptfiles.formats.yamltext import items, member

_FILTERS = ("nunjucksFilters", "filters")


def test_data(
    source: Source, root: yaml.Node, notices: list[str], names: Sequence[str] = (), *, framed: bool = True
) -> EvalData | None:
    """The cases of the config for the prompt of those `names`; None where it has none. Raises BadRequest with the line.

    `framed` says that a text may be put around the prompt.
    """
    files = Files(source)
    asserts = Asserts(files, read_mapping(source, member(root, "assertionTemplates")))
    cases = Cases(_default(source, root, files), files, asserts, names, framed=framed)
    tests = [*_tests(source, root, files, asserts), *_of_scenarios(source, root, files, cases, asserts)]
    apart = not cases.shares or any(_alone(test) for test in tests)
    rows = _numbered([row for test in tests for row in cases.rows(test, apart=apart)], source.path.parent)
    checks: tuple[CheckSpec, ...] = () if apart else cases.always()
    for key in _FILTERS:
        node = member(root, key)
        if node is not None:
            place = Written({}, source.path, line_of(node))
            asserts.leave_out(f"`{key}` names programs, which are not run", place)
    notices += asserts.notices
    if not rows:
        return None
    return EvalData(paths=files.paths, rows=rows, checks=checks, digest=files.digest)


def _default(source: Source, root: yaml.Node, files: Files) -> Written:
    """`defaultTest`, perhaps in a file of its own."""
    node = member(root, "defaultTest")
    place = Written({}, source.path, line_of(node) if node is not None else 1)
    if isinstance(node, yaml.ScalarNode) and node.value.startswith(SCHEME):
        found = files.value(node.value, place)
        path = files.found(node.value, source.path)
        return Written(cast("dict[str, Any]", found) if isinstance(found, dict) else {}, path, 1)
    return place._replace(fields=read_mapping(source, node))


def _tests(source: Source, node: yaml.Node, files: Files, asserts: Asserts) -> Iterator[Written]:
    """`tests` of the config, or of a scenario."""
    tests = member(node, "tests")
    if tests is None:
        return
    for each in items(tests) if isinstance(tests, yaml.SequenceNode) else [tests]:
        named = member(each, "path") if isinstance(each, yaml.MappingNode) else each
        if not isinstance(named, yaml.ScalarNode):
            yield from as_written(source, each)
            continue
        name = named.value.strip()
        if is_elsewhere(name) or is_program(name):
            asserts.leave_out(f"tests from {name} are not supported", Written({}, source.path, line_of(each)))
            continue
        for path in _paths(source, named, files):
            yield from files.tests(path)


def _paths(source: Source, node: yaml.ScalarNode, files: Files) -> Sequence[Path]:
    """The files that an entry names. Raises BadRequest where a pattern has none."""
    name = node.value.strip()
    found = files.matching(name, source.path)
    if has_pattern(name) and not found:
        raise bad_node(source, node, f"no file is named {name}")
    return found


def _of_scenarios(source: Source, root: yaml.Node, files: Files, cases: Cases, asserts: Asserts) -> Iterator[Written]:
    """Every test of a scenario with every set of values of its `config`."""
    for node in items(member(root, "scenarios")):
        if not isinstance(node, yaml.ScalarNode):
            yield from _combined(source, node, files, cases, asserts)
            continue
        for path in _paths(source, node, files):
            other = files.read(path)
            inner = parsed(other)
            for each in items(inner) or [inner]:
                yield from _combined(other, each, files, cases, asserts)


def _combined(source: Source, scenario: yaml.Node, files: Files, cases: Cases, asserts: Asserts) -> Iterator[Written]:
    tests = list(_tests(source, scenario, files, asserts))
    for values in _values(source, scenario, files):
        for test in tests or [values._replace(fields={})]:
            variables = {**cases.variables(values), **cases.variables(test)}
            yield test._replace(
                fields={
                    **values.fields,
                    **test.fields,
                    "vars": variables,
                    "assert": [*_list(values.fields.get("assert")), *_list(test.fields.get("assert"))],
                }
            )


def _values(source: Source, scenario: yaml.Node, files: Files) -> Iterator[Written]:
    """The sets of values of a scenario; some may stand in files."""
    config = member(scenario, "config")
    if config is None:
        raise bad_node(source, scenario, "this scenario has no `config`", "config: [{vars: {language: French}}]")
    for each in items(config) if isinstance(config, yaml.SequenceNode) else [config]:
        named = member(each, "$values") or member(each, "$expand") or each
        if isinstance(named, yaml.ScalarNode):
            for path in _paths(source, named, files):
                yield from files.tests(path)
        else:
            yield from as_written(source, each)


def _alone(test: Written) -> bool:
    """Whether a test does without the checks of all others."""
    options: Any = test.fields.get("options")
    return isinstance(options, dict) and bool(cast("Mapping[str, Any]", options).get("disableDefaultAsserts"))


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [] if value is None else [value]


def _numbered(rows: Sequence[Row], folder: Path) -> tuple[Row, ...]:
    """The cases of each file from 1; a number that several files use gets the file's name in front."""
    counts: Counter[str] = Counter()
    places: list[tuple[str, str, str]] = []
    for row in rows:
        counts[row.path] += 1
        path = Path(row.path)
        longer = path.relative_to(folder) if path.is_relative_to(folder) else path
        number = str(counts[row.path])
        places.append((number, f"{path.name}:{number}", f"{longer}:{number}"))
    used = [Counter(names) for names in zip(*places, strict=True)]
    chosen = [
        next((name for name, times in zip(names, used, strict=True) if times[name] == 1), names[-1]) for names in places
    ]
    return tuple(row.model_copy(update={"id": name}) for row, name in zip(rows, chosen, strict=True))
