"""A Python source file as bytes and as text, and the way back: whole lines replaced, every other byte kept.

Lines end where Python's tokenizer ends them (`\\n`, `\\r\\n`, `\\r`), never at a form feed, NEL or U+2028. The text is
for parsing; what is written comes from the raw bytes. This module reads files and writes none.
"""

from __future__ import annotations

import codecs
import difflib
import hashlib
import re
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from secant.errors import UnreadableFile, WriteRefused

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LINE_END = re.compile("\r\n?")


class TextFile(BaseModel):
    """One version of a source file. `text` has "\\n" line ends and no byte order mark."""

    model_config = ConfigDict(frozen=True, defer_build=True, extra="forbid")

    path: Path
    raw: bytes
    text: str
    encoding: str
    """Codec of `raw` after the byte order mark, as declared by PEP 263 or UTF-8."""
    bom: bool = False

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return digest_of(self.raw)

    @cached_property
    def raw_lines(self) -> tuple[bytes, ...]:
        """The lines with their line ends; the byte order mark belongs to none of them."""
        return tuple(_LINE.findall(self.raw, self._start))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of `text` without their line ends, one for each of `raw_lines`."""
        return tuple(self.text.removesuffix("\n").split("\n")) if self.raw_lines else ()

    @property
    def ends_with_newline(self) -> bool:
        return self.raw[-1:] in (b"\n", b"\r")

    def excerpt(self, first_line: int, last_line: int) -> str:
        """The text of whole lines (1-based, both included), always with a final "\\n"."""
        return "".join(f"{line}\n" for line in self.lines[first_line - 1 : last_line])

    def byte_span(self, first_line: int, last_line: int) -> tuple[int, int]:
        """Where whole lines (1-based, both included, with their line ends) lie in `raw`."""
        starts = self._line_starts
        return starts[first_line - 1], starts[last_line]

    def spliced(self, first_line: int, last_line: int, new_lines: Sequence[str]) -> bytes:
        """The file's bytes with lines `first_line` to `last_line` replaced by `new_lines` (given without line ends).

        A line that stays keeps its own bytes; a new line is written in the file's encoding with the line end that most
        of the replaced lines have, the last one with the end of the last replaced line (which may be none).
        Raises WriteRefused where the file's encoding has no way to write a character.
        """
        start, end = self.byte_span(first_line, last_line)
        old_raw = self.raw_lines[first_line - 1 : last_line]
        newline = _dominant_end(old_raw) or _dominant_end(self.raw_lines) or b"\n"
        pieces = list(self._matched(self.lines[first_line - 1 : last_line], old_raw, new_lines))
        closed = [piece if _end(piece) else piece + newline for piece in pieces]
        if closed:
            closed[-1] = _body(closed[-1]) + _end(old_raw[-1])
        return self.raw[:start] + _joined(closed, self.raw[:start]) + self.raw[end:]

    @property
    def _start(self) -> int:
        return len(codecs.BOM_UTF8) if self.bom else 0

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        starts = [self._start]
        for line in self.raw_lines:
            starts.append(starts[-1] + len(line))
        return tuple(starts)

    def _matched(self, old: Sequence[str], old_raw: Sequence[bytes], new: Sequence[str]) -> Iterator[bytes]:
        """The bytes of the new lines, taken from the old ones where a line stays. New ones still lack a line end."""
        blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        yield from self._encoded(new[: blocks[0].b])
        for block, following in pairwise(blocks):
            yield from old_raw[block.a : block.a + block.size]
            yield from self._encoded(new[block.b + block.size : following.b])

    def _encoded(self, lines: Sequence[str]) -> Iterator[bytes]:
        for line in lines:
            try:
                yield line.encode(self.encoding)
            except UnicodeEncodeError as error:
                character = line[error.start]
                raise WriteRefused(
                    f"the new text has {character!r} (U+{ord(character):04X}), which {self.encoding} cannot write",
                    hint="Nothing was written. Save the file as UTF-8 (and change its coding comment), then try again.",
                    where=str(self.path),
                ) from error


def read_text_file(path: Path) -> TextFile:
    """Reads a source file. Raises UnreadableFile with the reason and, for a missing file, near names."""
    return text_file(path, file_bytes(path, "Python", _near_files))


def file_bytes(path: Path, language: str, near: Callable[[Path], str]) -> bytes:
    """What is in a file of that language. Raises UnreadableFile with the reason, and `near` for a missing file."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile("there is no such file", hint=near(path), where=str(path)) from error
    except IsADirectoryError as error:
        raise UnreadableFile("this is a folder", hint=f"Name a {language} file in it.", where=str(path)) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableFile(f"the file cannot be read: {reason}", where=str(path)) from error


def utf8_file(path: Path, raw: bytes) -> TextFile:
    """The bytes of a text file that declares nothing: UTF-8. Raises UnreadableFile for others."""
    bom = raw.startswith(codecs.BOM_UTF8)
    body = raw[len(codecs.BOM_UTF8) :] if bom else raw
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", body[: error.start])) + 1
        raise UnreadableFile(
            f"byte 0x{body[error.start]:02x} is not UTF-8", hint="Save the file as UTF-8.", where=f"{path}:{line}"
        ) from error
    return TextFile(path=path, raw=raw, text=_LINE_END.sub("\n", text), encoding="utf-8", bom=bom)


def text_file(path: Path, raw: bytes) -> TextFile:
    """The bytes of a source file, decoded as Python would. Raises UnreadableFile where Python could not either."""
    bom = raw.startswith(codecs.BOM_UTF8)
    body = raw[len(codecs.BOM_UTF8) :] if bom else raw
    encoding = _declared_encoding(path, raw)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(path, body, encoding, error.start) from error
    except (LookupError, UnicodeError) as error:  # a codec such as rot13, which decodes no bytes
        raise UnreadableFile(f"{encoding} is no encoding for text", hint=_SAVE_AS_UTF8, where=str(path)) from error
    if len(_LINE.findall(body)) != len(_LINE.findall(text.encode("utf-8", "surrogatepass"))):
        raise UnreadableFile(f"{encoding} is no encoding for Python source", hint=_SAVE_AS_UTF8, where=str(path))
    return TextFile(path=path, raw=raw, text=_LINE_END.sub("\n", text), encoding=encoding, bom=bom)


def unsaved_file(path: Path, text: str) -> TextFile:
    """A file as saving an editor's `text` would make it: in the encoding that the text declares, and with a byte order
    mark where the file on disk has one. Raises UnreadableFile where the text could not be saved so.
    """
    encoding = _declared_encoding(path, text.encode("utf-8", "replace"))
    try:
        body = text.removeprefix("\ufeff").encode(encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise UnreadableFile(
            f"its unsaved text has {character!r} (U+{ord(character):04X}), which {encoding} cannot write",
            hint=_SAVE_AS_UTF8,
            where=str(path),
        ) from error
    except LookupError as error:  # a codec such as rot13, which encodes no text
        raise UnreadableFile(f"{encoding} is no encoding for text", hint=_SAVE_AS_UTF8, where=str(path)) from error
    return text_file(path, codecs.BOM_UTF8 + body if _has_bom(path) else body)


def digest_of(raw: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


_SAVE_AS_UTF8 = "Save the file as UTF-8, or declare its encoding in the first line: # -*- coding: latin-1 -*-"


def _declared_encoding(path: Path, raw: bytes) -> str:
    lines = iter(_LINE.findall(raw))
    try:
        encoding, _ = tokenize.detect_encoding(lambda: next(lines))
    except SyntaxError as error:
        _require_utf8(path, raw)
        raise UnreadableFile(f"its encoding is not known: {error.msg}", hint=_SAVE_AS_UTF8, where=str(path)) from error
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _has_bom(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
    except OSError:  # a new file
        return False


def _require_utf8(path: Path, raw: bytes) -> None:
    """Where a file declares no encoding and is not UTF-8, the byte says more than the missing declaration."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(path, raw, "utf-8", error.start) from error


def _undecodable(path: Path, body: bytes, encoding: str, offset: int) -> UnreadableFile:
    line = len(re.findall(rb"\r\n|\r|\n", body[:offset])) + 1
    message = f"byte 0x{body[offset]:02x} is not {encoding}"
    return UnreadableFile(message, hint=_SAVE_AS_UTF8, where=f"{path}:{line}")


def _near_files(path: Path) -> str:
    """Files of the same folder with a similar name, or the same name nearby, as a question."""
    try:
        siblings = sorted(entry.name for entry in path.parent.iterdir() if entry.suffix == ".py")
    except OSError:
        return f"There is no folder {path.parent}; look where you are."
    near = difflib.get_close_matches(path.name, siblings, n=3, cutoff=0.5)
    if near:
        return "Did you mean " + " or ".join(str(path.parent / name) for name in near) + "?"
    if siblings:
        return f"Python files there: {', '.join(siblings[:5])}."
    return f"There are no Python files in {path.parent.absolute()}."


def _joined(lines: Sequence[bytes], before: bytes) -> bytes:
    """The lines after `before`, with no carriage return and line feed of two lines that meet as one line end."""
    joined = bytearray()
    previous = before[-1:]
    for line in lines:
        joined += b"\r" + line if previous == b"\r" and line == b"\n" else line
        previous = line[-1:] or previous
    return bytes(joined)


def _body(line: bytes) -> bytes:
    return line.rstrip(b"\r\n")


def _end(line: bytes) -> bytes:
    return line[len(_body(line)) :]


def _dominant_end(lines: Sequence[bytes]) -> bytes:
    """The most frequent line end, the first one among equals; empty where no line has any."""
    counts = Counter(end for line in lines if (end := _end(line)))
    return counts.most_common(1)[0][0] if counts else b""
