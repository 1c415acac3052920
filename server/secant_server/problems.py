"""Problems that an editor underlines: rows of data on which a prompt fails. See `inspections` for those of its text.

Pure. A row is underlined as long as prompt and data are what was measured; who says so is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from lsprotocol import types as lsp

from secant_server import sentences
from secant_server.scores import Measured

SOURCE = "secant"
_MOST_ROWS = 200
"""Of one prompt. A list of thousands helps nobody."""

_File = TypeVar("_File", Path, str)
"""Or an address of one."""
Problems = Mapping[_File, list[lsp.Diagnostic]]
"""By file."""


class Origin(NamedTuple):
    """The prompt that fails a row: its address, and its first line from 0."""

    uri: str
    line: int
    name: str


def failing(measured: Measured, origin: Origin, *, related: bool) -> Iterator[tuple[Path, lsp.Diagnostic]]:
    """The rows on which a prompt fails. `related`: the editor shows what a problem is related to."""
    words = sentences.scored(measured.share, measured.n)
    at = lsp.Location(uri=origin.uri, range=whole_line(origin.line))
    information = [lsp.DiagnosticRelatedInformation(location=at, message=f"{origin.name}: {words}")]
    for miss in measured.misses[:_MOST_ROWS]:
        yield (
            miss.path,
            lsp.Diagnostic(
                range=whole_line(miss.line),
                message=sentences.missed(miss, origin.name),
                severity=lsp.DiagnosticSeverity.Warning,
                source=SOURCE,
                code="failing-case",
                related_information=information if related else None,
            ),
        )


def by_file(found: Iterable[tuple[_File, lsp.Diagnostic]]) -> Problems[_File]:
    """Each file's, in the order of its lines."""
    problems: dict[_File, list[lsp.Diagnostic]] = {}
    for path, problem in found:
        own = problems.setdefault(path, [])
        if problem not in own:  # a prompt is looked into with the config that names it, and by itself
            own.append(problem)
    return {path: sorted(own, key=lambda each: each.range.start.line) for path, own in problems.items()}


def whole_line(line: int) -> lsp.Range:
    """A line from 0, with its end."""
    return lsp.Range(start=lsp.Position(line=line, character=0), end=lsp.Position(line=line + 1, character=0))
