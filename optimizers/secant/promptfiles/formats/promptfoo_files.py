"""Files that a promptfoo config names, and the tests that stand in them: YAML, JSON, JSON lines, CSV.

A test is handed on as it is written, with its place; what it means is read elsewhere, the same for all of them. In CSV
every column is a variable, but for those that begin with two underscores.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from secant.errors import BadRequest
from secant.promptfiles.evaldata.assertions import assertion_of
from secant.promptfiles.evaldata.tables import table
from secant.promptfiles.formats.source import Source, source_of
from secant.promptfiles.formats.yamlconfig import bad_node, line_of, parsed, read_value
from secant.promptfiles.formats.yamltext import YamlFault, items, load

SCHEME = "file://"
_PROGRAMS = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".py", ".rb", ".sh")
_ELSEWHERE = ("huggingface://", "http://", "https://", "sharepoint://", "s3://")
_NO_TEXTS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".mp3", ".mp4", ".wav")
_TABLES = {".csv": ",", ".tsv": "\t"}
_VALUES = (".yaml", ".yml", ".json")
_COLUMNS = {"__threshold": "threshold", "__description": "description", "__providerOutput": "providerOutput"}
_CONFIGURED = re.compile(r"__config:__expected(\d*):(threshold)\Z")


class Written(NamedTuple):
    """One test, or a part of one, as a mapping; and where it stands."""

    fields: Mapping[str, Any]
    path: Path
    line: int


class Files:
    """Finds and reads what a config names, as an editor holds it."""

    def __init__(self, config: Source) -> None:
        self._config = config
        self._digests = {str(config.path): config.digest}

    @property
    def paths(self) -> tuple[str, ...]:
        """All files that were read, the config first."""
        return tuple(self._digests)

    @property
    def digest(self) -> str:
        """Of all files that were read, in the order of `paths`, as `evaldata.reading` has it for several files."""
        digests = list(self._digests.values())
        return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()

    def read(self, path: Path) -> Source:
        """Raises UnreadableFile."""
        source = self._config.other(path)
        self._digests[str(path)] = source.digest
        return source

    def found(self, named: str, beside: Path) -> Path:
        """The file of that name beside the one that names it, or else beside the config."""
        name = named.removeprefix(SCHEME)
        first = Path(os.path.normpath(beside.parent / name))
        return first if first.exists() else Path(os.path.normpath(self._config.path.parent / name))

    def matching(self, named: str, beside: Path) -> Sequence[Path]:
        """The files that a name with a pattern in it stands for; the one that another names."""
        pattern = named.removeprefix(SCHEME).removeprefix("./")
        if not has_pattern(pattern) or pattern.startswith("/"):
            return [self.found(named, beside)]
        folders = dict.fromkeys((beside.parent, self._config.path.parent))
        return next((found for folder in folders if (found := _globbed(folder, pattern))), ())

    def value(self, named: str, written: Written) -> Any:
        """What stands in a file that a test names: YAML and JSON as values, all else as text. Raises BadRequest."""
        path = self.found(named, written.path)
        where = f"{written.path}:{written.line}"
        if is_program(named):
            raise BadRequest(f"{named} is a program, which is not run for a test", where=where)
        if path.suffix.casefold() in _NO_TEXTS:
            raise BadRequest(f"{named} is no text, and nothing else is sent to a model", where=where)
        text = self.read(path).text
        if path.suffix.casefold() not in _VALUES:
            return text.strip()
        try:
            return load(text)
        except YamlFault as fault:
            raise BadRequest(
                f"the file cannot be read as YAML: {fault.message}", where=f"{path}:{fault.line}"
            ) from fault

    def tests(self, path: Path) -> Sequence[Written]:
        """The tests in a file. Raises BadRequest and UnreadableFile."""
        suffix = path.suffix.casefold()
        if suffix in _TABLES:
            return list(_from_table(self.read(path), _TABLES[suffix]))
        if suffix == ".jsonl":
            return list(_from_lines(self.read(path)))
        if suffix in _VALUES:
            source = self.read(path)
            return list(as_written(source, parsed(source)))
        raise BadRequest(
            f"tests in a file ending in {suffix or path.name} are not read",
            hint="They are read from .csv, .yaml, .json and .jsonl.",
            where=str(path),
        )


def has_pattern(name: str) -> bool:
    return any(character in name for character in "*?[")


def is_program(named: str) -> bool:
    """Whether a name is that of a program, perhaps with a function of it: `tests.py:create`."""
    return Path(re.sub(r":\w+$", "", named)).suffix.casefold() in _PROGRAMS


def is_elsewhere(named: str) -> bool:
    return named.startswith(_ELSEWHERE)


def as_written(source: Source, node: yaml.Node) -> Iterator[Written]:
    """A mapping, or each of a list of them. Raises BadRequest for anything else."""
    for each in items(node) if isinstance(node, yaml.SequenceNode) else [node]:
        fields = read_value(source, each)
        if not isinstance(fields, dict):
            raise bad_node(source, each, "a test is a mapping", "For example: - vars: {text: Hello}")
        yield Written(cast("dict[str, Any]", fields), source.path, line_of(each))


def _from_lines(source: Source) -> Iterator[Written]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if line.strip():
            alone = source_of(source.path, line.encode())
            for test in as_written(alone, parsed(alone)):
                yield test._replace(line=number)


def _from_table(source: Source, delimiter: str) -> Iterator[Written]:
    for record in table(source.text, source.path, delimiter).records:
        yield Written(_row(cast("dict[str, str]", record.value)), source.path, record.line)


def _row(cells: Mapping[str, str]) -> Mapping[str, Any]:
    """A row of a table as a test."""
    test: dict[str, Any] = {"vars": {}, "assert": [], "options": {}}
    numbers: list[str] = []
    for name, cell in cells.items():
        if re.fullmatch(r"__expected\d*", name):
            if cell.strip():
                test["assert"].append(assertion_of(cell))
                numbers.append(name.removeprefix("__expected"))
        elif name in ("__prefix", "__suffix"):
            test["options"][name.removeprefix("__")] = cell
        elif name in _COLUMNS:
            test[_COLUMNS[name]] = _number(cell) if name == "__threshold" else cell
        elif not name.startswith("__"):
            test["vars"][name] = cell
    for name, cell in cells.items():
        configured = _CONFIGURED.fullmatch(name)
        for number, assertion in zip(numbers, test["assert"], strict=True):
            if configured and cell.strip() and configured[1] in ("", number):
                assertion["threshold"] = _number(cell)
    return {name: value for name, value in test.items() if value not in ("", None)}


def _number(cell: str) -> Any:
    """The number that a cell has; the cell itself where it has another text, so that whoever reads it can say so."""
    try:
        return float(cell) if cell.strip() else None
    except ValueError:
        return cell


def _globbed(folder: Path, pattern: str) -> Sequence[Path]:
    return sorted(Path(os.path.normpath(path)) for path in folder.glob(pattern) if path.is_file())
