"""The versions of a prompt that the user turned down before, as the search knows them."""

from __future__ import annotations

from collections.abc import Iterable

from secant.errors import BadRequest
from secant.promptfiles.opening import open_prompt
from secant.promptfiles.place import as_text
from secant.promptfiles.program import Program
from secant.promptfiles.subject import PromptSubject
from secant.types import Artifact


def rejected(sources: Iterable[str], subject: PromptSubject, program: Program, seed: Artifact) -> list[str]:
    """Ids of versions that are kept as lines of the file."""
    return [_artifact(source, subject, program, seed).id for source in sources]


def _artifact(source: str, subject: PromptSubject, program: Program, seed: Artifact) -> Artifact:
    document = subject.document
    raw = subject.place.spliced(source)
    try:
        parts = open_prompt(document.path, document.name, unsaved=as_text(document.path, raw).text).parts
    except BadRequest:
        return seed  # it cannot stand in the file as it is now, so it will not come again
    for part in parts:
        seed = seed.with_text(program.mask.mask(part.text), part.name)
    return seed
