"""What a run on a prompt is about: the document, its cases, the project. Found without running or asking anything."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from secant.config import PromptRequest
from secant.errors import BadRequest, FileChanged
from secant.events import FoundTest, TargetFound, TestsFound
from secant.functions.project import Project, absolute, find_project
from secant.promptfiles.document import PromptDocument
from secant.promptfiles.evaldata.finding import find_data
from secant.promptfiles.evaldata.reading import combined, read_data
from secant.promptfiles.evaldata.rows import EvalData, Row
from secant.promptfiles.guards import size as size_of
from secant.promptfiles.opening import open_prompt
from secant.promptfiles.place import Place, apply
from secant.promptfiles.program import Program
from secant.types import Frozen

SEPARATOR = "::"
_EXAMPLES = "<name>.eval.jsonl, .yaml or .csv"


class PromptSubject(Frozen):
    """A prompt with its cases."""

    document: Any
    data: EvalData
    held_out: tuple[Row, ...] = ()
    """Rows that are for the report alone, from files of their own."""
    project: Project

    @cached_property
    def place(self) -> Place:
        return Place(self.document)

    @property
    def root(self) -> Path:
        """Where the runs on it are kept."""
        return Path(os.path.realpath(self.project.root))

    def found(self) -> TargetFound:
        """The event that names it."""
        document: PromptDocument = self.document
        size = size_of(Program(document.parts).artifact())
        messages = f" in {len(document.parts)} messages" if len(document.parts) > 1 else ""
        return TargetFound(
            path=str(document.path),
            name=document.name or document.path.name,
            first_line=self.place.first_line,
            last_line=self.place.last_line,
            digest=document.digest,
            text=self.place.text,
            given=self.data.digest,
            description=f"{document.format}, about {size} tokens{messages}",
        )

    def cases(self, left_out: Sequence[FoundTest] = ()) -> TestsFound:
        """The event that says what judges."""
        rows = (*self.data.rows, *self.held_out)
        without = {each.id for each in left_out}
        judging = [row for row in rows if row.id not in without]
        tests = tuple(FoundTest(id=r.id, why=_place(r, self.root), place=f"{r.path}:{r.line}") for r in judging)
        return TestsFound(tests=tests, searched=self.data.paths, left_out=tuple(left_out))


def find_prompt(request: PromptRequest) -> PromptSubject:
    """Raises BadRequest in its many kinds."""
    target, _, name = request.target.partition(SEPARATOR)
    path = absolute(request.folder / target)
    buffers = {os.path.realpath(place): text for place, text in request.buffers.items()}
    document = open_prompt(path, name, unsaved=buffers.get(os.path.realpath(path)), buffers=buffers)
    data = _data(request, document, buffers)
    data = data.model_copy(update={"rows": _completed(data.rows, document)})
    held_out: tuple[Row, ...] = ()
    if request.report_data:
        apart = _read([absolute(request.folder / each) for each in request.report_data], buffers)
        held_out = _completed(_renamed(apart.rows, {row.id for row in data.rows}), document)
    return PromptSubject(document=document, data=data, held_out=held_out, project=find_project(path))


def require_same(subject: PromptSubject, found: TargetFound, run: str) -> None:
    """Raises FileChanged where prompt or data are not what an earlier session of the run began with."""
    if found.digest != subject.document.digest:
        changed = found.path
    elif found.given != subject.data.digest:
        changed = ", ".join(subject.data.paths)
    else:
        return
    raise FileChanged(
        f"{changed} is not what run {run} began with any more", hint=f"Start a new run: secant refine {found.path}"
    )


def apply_result(found: TargetFound, source: str) -> Path:
    """Write a finished run's prompt into the file that it was found for; its path.

    Raises FileChanged where the file is not the one that was measured, WriteRefused where it may not be written.
    """
    path = Path(found.path)
    document = open_prompt(path, found.name if found.name != path.name else "")
    apply(document, source, found.digest)
    return path


def _data(request: PromptRequest, document: PromptDocument, buffers: dict[str, str]) -> EvalData:
    """The cases that are named, else those of the file itself, else those beside it."""
    if request.data:
        return _read([absolute(request.folder / each) for each in request.data], buffers)
    if document.data is not None and document.data.rows:
        return document.data
    beside = find_data(document.path)
    if not beside:
        raise BadRequest(
            "there are no cases for this prompt",
            hint=f"Name a file: --data FILE, or put one beside it ({_EXAMPLES}): one object for each case, "
            'for example {"input": "...", "expected": "..."}.',
            where=str(document.path),
        )
    return _read(beside, buffers)


def _read(paths: Iterable[Path], buffers: Mapping[str, str]) -> EvalData:
    return combined([read_data(path, unsaved=buffers.get(os.path.realpath(path)), buffers=buffers) for path in paths])


def _completed(rows: tuple[Row, ...], document: PromptDocument) -> tuple[Row, ...]:
    """The rows with what the prompt itself gives placeholders that they do not fill."""
    texts = " ".join(part.text for part in document.parts)
    named = {name: value for name, value in document.defaults.items() if re.search(rf"\b{re.escape(name)}\b", texts)}
    if not named:
        return rows
    return tuple(row.model_copy(update={"fields": {**named, **row.fields}}) for row in rows)


def _renamed(rows: Sequence[Row], taken: set[str]) -> tuple[Row, ...]:
    """Rows of a second file under ids that the first does not have."""
    return tuple(row.model_copy(update={"id": f"held-out {row.id}"}) if row.id in taken else row for row in rows)


def _place(row: Row, root: Path) -> str:
    path = Path(row.path)
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    return f"{shown}:{row.line}"
