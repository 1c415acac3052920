"""Data as a table: comma- or tab-separated, with a header row and RFC 4180 quoting. Every cell is a text."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from secant.promptfiles.evaldata.records import Contents, Record, bad


def table(text: str, path: Path, delimiter: str) -> Contents:
    """One record for each row that has a cell. Raises BadRequest for a ragged one."""
    with _any_size():
        rows = _rows(text, path, delimiter)
        first = next(rows, None)
        if first is None:
            return Contents(())
        header = [name.strip() for name in first[1]]
        _require_header(header, path, first[0], delimiter)
        return Contents(tuple(_record(header, cells, path, line) for line, cells in rows))


def _rows(text: str, path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        hint = 'A cell with a quote or a line end stands in quotes, a quote in it is doubled: "he said ""no""".'
        raise bad(path, line, f"this row cannot be read: {error}", hint) from error


def _require_header(header: list[str], path: Path, line: int, delimiter: str) -> None:
    if len(header) == 1 and delimiter == "," and (";" in header[0] or "\t" in header[0]):
        raise bad(path, line, "the header has no comma", "Separate cells by commas, or by tabs in a file named .tsv.")
    for number, name in enumerate(header, start=1):
        if not name:
            raise bad(path, line, f"column {number} has no name in the header", "The first row names the columns.")
        if header.index(name) != number - 1:
            raise bad(path, line, f"two columns are named {name}", "Rename one of them.")


def _record(header: list[str], cells: list[str], path: Path, line: int) -> Record:
    if len(cells) != len(header):
        raise bad(
            path,
            line,
            f"this row has {len(cells)} cells, the header {len(header)}",
            "A cell with a comma in it stands in quotes.",
        )
    return Record(line, dict(zip(header, cells, strict=True)), sum(map(len, cells)))


@contextmanager
def _any_size() -> Generator[None]:
    """The limit of 128 KiB a cell belongs to the module, so it is put back."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(before)
