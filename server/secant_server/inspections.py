"""What is wrong with an open prompt file and the cases beside it, as problems that an editor underlines.

Found without a model by `promptfiles.inspection`. Reads data files: not for the event loop.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types as lsp

from secant.errors import SecantError
from secant.promptfiles.evaldata.finding import find_data
from secant.promptfiles.evaldata.rows import EvalData
from secant.promptfiles.formats.source import FileDocument
from secant.promptfiles.inspection import Problem, inspect
from secant.promptfiles.opening import open_prompt, prompt_names
from secant.promptfiles.placeholders import placeholders
from secant_server.files import real_path
from secant_server.problems import SOURCE, whole_line
from secant_server.references import Config
from secant_server.sources import stamp
from secant_server.text import lines

_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}
_PLACE = re.compile(r"^(.*):(\d+)$")

Units = Callable[[str], int]
"""How many characters a text has, as the editor counts."""


class Draft(NamedTuple):
    """An open prompt file as the editor has it."""

    path: Path
    text: str
    earlier: str | None = None
    """The whole file as it was when it was last measured, where it is another now."""
    buffers: Mapping[Path, str] = {}
    """Of other files, what is open: its data, and what a config names."""
    names: Sequence[str] | None = None
    """The prompts among its texts; None where all of it is meant."""
    config: Config | None = None
    """One that has the cases for it."""


class Readings:
    """Data files as they were last read: they are long, and change seldom while a prompt is written."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[object, EvalData | SecantError]] = {}

    def of(self, path: Path, unsaved: str | None) -> EvalData:
        """The rows of a file. Raises SecantError."""
        version = unsaved if unsaved is not None else stamp(path)
        if path not in self._known or self._known[path][0] != version:
            self._known[path] = (version, _read(path, unsaved))
        found = self._known[path][1]
        if isinstance(found, SecantError):
            raise found
        return found


def _read(path: Path, unsaved: str | None) -> EvalData | SecantError:
    from secant.promptfiles.evaldata.reading import read_data  # noqa: PLC0415  most prompt files have none

    try:
        return read_data(path, unsaved=unsaved)
    except SecantError as error:
        return error


def inspected(draft: Draft, units: Units, readings: Readings) -> Iterator[tuple[Path, lsp.Diagnostic]]:
    """Its problems, and the one that stops its data from being read, each with its file."""
    try:
        documents = list(_prompts(draft) if draft.names is None else _constants(draft, draft.names))
    except SecantError as error:
        if _PLACE.match(error.where or ""):  # otherwise there is no prompt yet, which is nobody's mistake
            yield _stopped(error, draft.path)
        return
    for document in documents:
        data: EvalData | None = None
        try:
            data = _data(document, draft, readings)
        except SecantError as error:
            yield _stopped(error, draft.path)
        if data is not None and len(documents) > 1 and draft.names is not None and not _is_for(data, document):
            continue
        for problem in inspect(document, data, _earlier(draft, document.name)):
            yield Path(problem.path), _diagnostic(problem, document.source.text, units)


def _prompts(draft: Draft) -> Iterator[FileDocument]:
    """All of the file, or what a config makes of it. Raises SecantError."""
    buffers = {real_path(path): text for path, text in draft.buffers.items()}
    if draft.config is not None:
        config, found = draft.config
        buffers[real_path(draft.path)] = draft.text
        yield open_prompt(config, found.name, unsaved=buffers.get(real_path(config)), buffers=buffers)
        return
    names = prompt_names(draft.path, unsaved=draft.text)
    for name in names if len(names) > 1 else [""]:
        yield open_prompt(draft.path, name, unsaved=draft.text, buffers=buffers)


def _constants(draft: Draft, names: Sequence[str]) -> Iterator[FileDocument]:
    """Those that can be opened: of the others it is not known whether they are meant as prompts."""
    for name in names:
        with contextlib.suppress(SecantError):
            yield open_prompt(draft.path, name, unsaved=draft.text)


def _is_for(data: EvalData, document: FileDocument) -> bool:
    """Of several texts beside the same cases, one whose placeholders are all strange to them is another's."""
    fields = {field for row in data.rows for field in row.fields}
    wanted = [found.name for part in document.parts for found in placeholders(part.text, part.syntax) if found.name]
    return not wanted or any(re.split(r"[.\[]", name)[0] in fields for name in wanted)


def _data(document: FileDocument, draft: Draft, readings: Readings) -> EvalData | None:
    """The cases in the file, or those beside it; None where there are none. Raises SecantError."""
    if document.data is not None and document.data.rows:
        return document.data
    beside = find_data(draft.path)
    return readings.of(beside[0], draft.buffers.get(beside[0])) if beside else None


def _earlier(draft: Draft, name: str) -> Mapping[str, str]:
    """The texts of the parts as they were."""
    if draft.earlier is None:
        return {}
    try:
        return {part.name: part.text for part in open_prompt(draft.path, name, unsaved=draft.earlier).parts}
    except SecantError:
        return {}


def _stopped(error: SecantError, path: Path) -> tuple[Path, lsp.Diagnostic]:
    """Why something cannot be read, where that is."""
    place = _PLACE.match(error.where or "")
    where, line = (Path(place[1]), int(place[2])) if place else (Path(error.where or path), 1)
    message = f"{error.message[:1].upper()}{error.message[1:]}. {error.hint}".rstrip()
    problem = lsp.Diagnostic(
        range=whole_line(line - 1),
        message=message,
        severity=lsp.DiagnosticSeverity.Error,
        source=SOURCE,
        code="unreadable",
    )
    return where, problem


def _diagnostic(problem: Problem, text: str, units: Units) -> lsp.Diagnostic:
    return lsp.Diagnostic(
        range=_range(problem, text, units),
        message=problem.sentence,
        severity=_SEVERITIES[problem.severity],
        source=SOURCE,
        code=problem.kind,
    )


def _range(problem: Problem, text: str, units: Units) -> lsp.Range:
    row, rows = problem.line - 1, lines(text)
    if problem.column == problem.end_column or row >= len(rows):
        return whole_line(row)
    start, end = (units(rows[row][: column - 1]) for column in (problem.column, problem.end_column))
    return lsp.Range(start=lsp.Position(line=row, character=start), end=lsp.Position(line=row, character=end))
