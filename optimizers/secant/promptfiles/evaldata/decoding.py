"""From the bytes of a data file to its text, or to the line that is not UTF-8. Knows no format."""

from __future__ import annotations

import codecs
from pathlib import Path

from secant.errors import UnreadableFile

_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEEN = 200
"""Bytes that show whether every other one is zero, as in UTF-16 without a mark."""
_SAVE = "Save the file as UTF-8, then try again."


def data_bytes(path: Path) -> bytes:
    """Raises UnreadableFile for what is no file, or may not be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile("there is no such data file", hint="Check the path.", where=str(path)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(f"the data cannot be read: {reason}", hint="Name a file.", where=str(path)) from error


def decoded(raw: bytes, path: Path) -> str:
    """The text, without a byte order mark; line ends stay as they are. Raises UnreadableFile with the line."""
    if raw.startswith(_WIDE):
        raise UnreadableFile("the data is UTF-16 or UTF-32, not UTF-8", hint=_SAVE, where=str(path))
    if raw[:_SEEN].count(b"\0") > len(raw[:_SEEN]) // 4:
        raise UnreadableFile("the data looks like UTF-16, not UTF-8", hint=_SAVE, where=str(path))
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = raw[error.start]
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte 0x{byte:02x} in column {column} is no UTF-8; perhaps the file is Latin-1 or Windows-1252"
        raise UnreadableFile(message, hint=_SAVE, where=f"{path}:{line}") from error
