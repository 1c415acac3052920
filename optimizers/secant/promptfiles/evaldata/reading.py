"""Eval data from one file or one folder: bytes in, rows with their places out. It writes nothing and runs nothing.

bytes -> text (`decoding`) -> records (`jsondata`, `yamldata`, `tables`) -> rows (here, by `recognition`)
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from secant.errors import BadRequest
from secant.promptfiles.evaldata import recognition
from secant.promptfiles.evaldata.assertions import checks_of, metric_spec
from secant.promptfiles.evaldata.building import Builder
from secant.promptfiles.evaldata.decoding import data_bytes, decoded
from secant.promptfiles.evaldata.jsondata import json_document, json_lines
from secant.promptfiles.evaldata.records import Contents, bad
from secant.promptfiles.evaldata.rows import CheckSpec, EvalData, Row
from secant.promptfiles.evaldata.tables import table
from secant.promptfiles.evaldata.yamldata import yaml_document
from secant.types import Split

EXTENSIONS = (".jsonl", ".ndjson", ".json", ".yaml", ".yml", ".csv", ".tsv")
_METRIC = ("metric",)
_CHECKS = (*recognition.CHECKS, "evaluators")


def read_data(path: Path, *, unsaved: str | None = None, buffers: Mapping[str, str] | None = None) -> EvalData:
    """The rows of a file, or of the files `train`, `eval` and `test` of a folder.

    `unsaved` is the file's text as an editor holds it, `buffers` has those of the files in a folder, by their real
    paths. Raises UnreadableFile, and BadRequest with the line for what cannot be used.
    """
    if unsaved is None and path.is_dir():
        return _folder(path, buffers or {})
    return _read(path, _bytes(path, unsaved))


def combined(parts: Sequence[EvalData]) -> EvalData:
    """Several files as one. An id that two files have gets the file's name in front."""
    if len(parts) == 1:
        return parts[0]
    seen: dict[str, int] = {}
    for part in parts:
        for row in part.rows:
            seen[row.id] = seen.get(row.id, 0) + 1
    digest = hashlib.sha256("\n".join(part.digest for part in parts).encode())
    return EvalData(
        paths=tuple(path for part in parts for path in part.paths),
        rows=tuple(_told_apart(row, seen) for part in parts for row in part.rows),
        checks=_once(check for part in parts for check in part.checks),
        notices=tuple(notice for part in parts for notice in part.notices),
        digest=digest.hexdigest(),
    )


def _once(checks: Iterable[CheckSpec]) -> tuple[CheckSpec, ...]:
    kept: list[CheckSpec] = []
    for check in checks:
        if check not in kept:
            kept.append(check)
    return tuple(kept)


def _told_apart(row: Row, seen: dict[str, int]) -> Row:
    return row if seen[row.id] == 1 else row.model_copy(update={"id": f"{Path(row.path).name}:{row.id}"})


def _read(path: Path, raw: bytes, split: Split | None = None) -> EvalData:
    contents = _contents(path, decoded(raw, path))
    builder = Builder(path, split)
    rows = builder.rows(contents.records)
    checks = _file_checks(builder, contents, path)
    if not rows:
        raise BadRequest("the data has no cases", hint="Write one case a line: " + EXAMPLE, where=str(path))
    return EvalData(
        paths=(str(path),),
        rows=rows,
        checks=checks,
        notices=tuple(builder.notices),
        digest=hashlib.sha256(raw).hexdigest(),
    )


EXAMPLE = '{"input": "2 + 2", "expected": "4"}'


def _contents(path: Path, text: str) -> Contents:
    match path.suffix.lower():
        case ".jsonl" | ".ndjson":
            return json_lines(text, path)
        case ".json":
            return json_document(text, path) if text.strip() else Contents(())
        case ".yaml" | ".yml":
            return yaml_document(text, path)
        case ".csv":
            return table(text, path, ",")
        case ".tsv":
            return table(text, path, "\t")
        case other:
            known = ", ".join(EXTENSIONS)
            what = f"data named {other}" if other else "data without an extension"
            raise BadRequest(f"{what} is of no known format", hint=f"Known are {known}.", where=str(path))


def _file_checks(builder: Builder, contents: Contents, path: Path) -> tuple[CheckSpec, ...]:
    """What the file asks of every case, beside its list of them."""
    found: list[CheckSpec] = []
    for name, value in contents.header.items():
        if name in _METRIC:
            if not isinstance(value, str):
                raise bad(path, 1, "the metric is no text", "For example: metric: numeric.")
            found.append(metric_spec(value))
        elif name in _CHECKS:
            understood = checks_of(value)
            found += understood.checks
            builder.notices += [f"{path}: {unknown}; it is left out" for unknown in understood.unknown]
    return tuple(found)


def _bytes(path: Path, unsaved: str | None) -> bytes:
    return data_bytes(path) if unsaved is None else unsaved.encode("utf-8", "surrogatepass")


def _folder(path: Path, buffers: Mapping[str, str]) -> EvalData:
    parts: list[EvalData] = []
    for split in ("fit", "select", "report"):
        found = [file for file in _data_files(path) if recognition.split_named(file.stem) == split]
        if len(found) > 1:
            names = " and ".join(file.name for file in found[:2])
            raise BadRequest(f"{names} are for the same split", hint="Keep one of them.", where=str(path))
        parts += [_read(file, _bytes(file, buffers.get(os.path.realpath(file))), split) for file in found]
    if not parts:
        hint = "A folder of data has train.jsonl, eval.jsonl and test.jsonl (or .json, .yaml, .csv)."
        there = ", ".join(file.name for file in _data_files(path)[:5])
        raise BadRequest(
            "this folder has no data under a known name" + (f"; it has {there}" if there else ""),
            hint=hint,
            where=str(path),
        )
    return combined(parts)


def _data_files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.suffix.lower() in EXTENSIONS and each.is_file())
