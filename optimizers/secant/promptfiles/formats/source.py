"""A prompt file as bytes and as text with its own line ends, and what every format shares: slots and the way back.

A slot is the stretch of the file that holds one part. Writing replaces that stretch, reads the file again, and refuses
unless the parts are exactly what was asked for and everything else is as it was. Blank lines around a part's text
belong to the file, not to the text: they stay, whatever a new text has around it.
"""

from __future__ import annotations

import codecs
import difflib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from secant.errors import BadRequest, SecantError, UnreadableFile, WriteRefused
from secant.functions.textfile import digest_of, file_bytes
from secant.promptfiles.document import PromptPart
from secant.promptfiles.evaldata.rows import EvalData
from secant.promptfiles.formats.lines import LINE_END, dominant_end, relined, split_lines

_CR = re.compile("\r\n?")
_LEAD = re.compile(r"\A(?:[ \t]*\n)+")
_UNWRITTEN = "Nothing was written."


@dataclass(frozen=True)
class Source:
    """One version of a file. `text` has the file's own line ends and no byte order mark."""

    path: Path
    raw: bytes
    text: str
    encoding: str = "utf-8"
    bom: bool = False
    buffers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False, compare=False)
    """What an editor holds for files that are not saved, by their real paths: others may be named in this one."""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return digest_of(self.raw)

    def held(self, path: Path) -> str | None:
        """What an editor has for a file that is not saved."""
        return self.buffers.get(os.path.realpath(path)) if self.buffers else None

    def other(self, path: Path) -> Source:
        """A file that is named in this one, as the editor has it. Raises UnreadableFile."""
        return read_source(path, unsaved=self.held(path), buffers=self.buffers)

    def line_at(self, offset: int) -> int:
        """The line, from 1, of a place in `text`."""
        return 1 + len(LINE_END.findall(self.text[:offset]))

    def spliced(self, start: int, end: int, new: str) -> Source:
        """The file with another text in a stretch of it. Raises WriteRefused for what its encoding cannot write."""
        text = self.text[:start] + new + self.text[end:]
        try:
            before, middle, after = (t.encode(self.encoding) for t in (self.text[:start], new, self.text[end:]))
        except UnicodeEncodeError as error:
            character = error.object[error.start]
            raise WriteRefused(
                f"the new text has {character!r} (U+{ord(character):04X}), which {self.encoding} cannot write",
                hint=f"{_UNWRITTEN} Save the file as UTF-8, then try again.",
                where=str(self.path),
            ) from error
        mark = codecs.BOM_UTF8 if self.bom else b""
        return replace(self, raw=mark + before + middle + after, text=text)


class Slot(NamedTuple):
    """Where a part stands in a file's text, and how another one is written there."""

    part: PromptPart
    start: int
    end: int
    whole: str
    """What the stretch says, decoded: the part's text and the white space around it."""
    rewritten: Callable[[str], Iterable[str]]
    """Ways to write another `whole`, the most faithful first. They are tried until one reads back right."""


@dataclass(frozen=True)
class FileDocument:
    """A `PromptDocument` of any format."""

    source: Source
    format: str
    slots: tuple[Slot, ...]
    again: Callable[[Source], FileDocument]
    """Reads another version of the file in the same way."""
    name: str = ""
    description: str = ""
    model: str = ""
    parameters: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    data: EvalData | None = None
    notices: tuple[str, ...] = ()
    rest: str = ""
    """All of the file's meaning but the texts of the parts, to compare."""

    @property
    def path(self) -> Path:
        return self.source.path

    @property
    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        return self.source.digest

    @property
    def parts(self) -> tuple[PromptPart, ...]:
        return tuple(slot.part for slot in self.slots)

    def written(self, texts: Mapping[str, str]) -> bytes:
        """The file's bytes with the texts of those parts; see `PromptDocument`. Raises WriteRefused."""
        known = {part.name: part for part in self.parts}
        if strange := sorted(set(texts) - set(known)):
            names = ", ".join(known)
            raise WriteRefused(f"the prompt has no part {strange[0]!r}; it has: {names}", where=str(self.path))
        document = self
        for name, text in texts.items():
            if trimmed(text).core != known[name].text:
                document = document._with(name, text)
        return document.source.raw

    def _with(self, name: str, text: str) -> FileDocument:
        """The document with another text of one part, read back and compared."""
        slot = next(slot for slot in self.slots if slot.part.name == name)
        core = trimmed(text).core
        if not core.strip():
            raise self._refused(slot, "the new text is empty")
        if not slot.part.editable:
            raise self._refused(slot, f"the part {name} may not be edited")
        lead, _, tail = trimmed(slot.whole)
        why = "the format has no way to write it"
        for new in slot.rewritten(lead + core + tail):
            try:
                document = self.again(self.source.spliced(slot.start, slot.end, new))
            except WriteRefused as error:
                why = error.message
                continue
            except SecantError as error:
                why = f"with it the file would not be right ({error.message})"
                continue
            why = self._difference(document, name, core)
            if not why:
                return document
        raise self._refused(slot, f"the new text of {name} cannot stand in its place: {why}")

    def _difference(self, other: FileDocument, name: str, core: str) -> str:
        """What else than that text differs in the other version; empty where nothing does."""
        if [(p.name, p.role) for p in self.parts] != [(p.name, p.role) for p in other.parts]:
            return "it would be read as other messages than the file has"
        for mine, theirs in zip(self.parts, other.parts, strict=True):
            if theirs.text != (core if mine.name == name else mine.text):
                return f"the part {mine.name} would not read as it should"
        return "" if self.rest == other.rest else "something else in the file would change"

    def _refused(self, slot: Slot, message: str) -> WriteRefused:
        return WriteRefused(message, hint=_UNWRITTEN, where=f"{self.path}:{slot.part.first_line}")


class Trimmed(NamedTuple):
    """A text in three: blank lines before it, the text, white space behind it."""

    lead: str
    core: str
    tail: str


def trimmed(text: str) -> Trimmed:
    """The text without the blank lines before it and the white space behind it. With "\\n" line ends."""
    core = text.rstrip(" \t\n")
    match = _LEAD.match(core)
    lead = match[0] if match else ""
    return Trimmed(lead, core[len(lead) :], text[len(core) :])


def unified(text: str) -> str:
    """The text with "\\n" line ends."""
    return _CR.sub("\n", text)


# --- reading


def read_source(path: Path, *, unsaved: str | None = None, buffers: Mapping[str, str] | None = None) -> Source:
    """A UTF-8 file, or what saving an editor's text would make of it. Raises UnreadableFile with the place."""
    return replace(_read(path, unsaved), buffers=buffers or {})


def _read(path: Path, unsaved: str | None) -> Source:
    if unsaved is None:
        return source_of(path, file_bytes(path, "prompt", near_files))
    bom = path.is_file() and file_bytes(path, "prompt", near_files).startswith(codecs.BOM_UTF8)
    try:
        data = unsaved.removeprefix("\ufeff").encode()
    except UnicodeEncodeError as error:
        raise UnreadableFile("its unsaved text cannot be saved as UTF-8", where=str(path)) from error
    return source_of(path, codecs.BOM_UTF8 + data if bom else data)


def source_of(path: Path, raw: bytes) -> Source:
    """Bytes as UTF-8. Raises UnreadableFile with the line of the first byte that is not."""
    bom = raw.startswith(codecs.BOM_UTF8)
    body = raw[len(codecs.BOM_UTF8) :] if bom else raw
    try:
        return Source(path, raw, body.decode("utf-8"), bom=bom)
    except UnicodeDecodeError as error:
        line = 1 + len(re.findall(rb"\r\n?|\n", body[: error.start]))
        raise UnreadableFile(
            f"byte 0x{body[error.start]:02x} is not UTF-8", hint="Save the file as UTF-8.", where=f"{path}:{line}"
        ) from error


def near_files(path: Path) -> str:
    """Files of the same folder with similar names, as a question."""
    try:
        siblings = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    except OSError:
        return f"There is no folder {path.parent}; look where you are."
    near = difflib.get_close_matches(path.name, siblings, n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(str(path.parent / name) for name in near)}?"
    return f"Files there: {', '.join(siblings[:5])}." if siblings else f"There are no files in {path.parent}."


def without_names(source: Source, name: str) -> BadRequest:
    """The error for a name where the file has a single prompt."""
    return BadRequest(
        f"the file has one prompt, and no names in it: {name!r}",
        hint=f"Name it alone: {source.path}",
        where=str(source.path),
    )


# --- stretches without escapes


def plain_slot(source: Source, part: PromptPart, start: int, end: int) -> Slot:
    """A stretch that says what it is: no escapes, no indentation."""
    written = source.text[start:end]
    old = split_lines(written)
    newline = dominant_end(written) or dominant_end(source.text) or "\n"

    def rewritten(whole: str) -> Iterator[str]:
        return relined(old, whole.split("\n"), newline)

    return Slot(part, start, end, unified(written), rewritten)


def placed(source: Source, part: PromptPart, start: int, end: int) -> PromptPart:
    """The part with its lines in the file: those of its text, without blank ones around it."""
    written = source.text[start:end]
    whole = unified(written)
    lead, core, _ = trimmed(whole)
    first = source.line_at(start) + lead.count("\n")
    return part.model_copy(update={"first_line": first, "last_line": first + core.count("\n")})
