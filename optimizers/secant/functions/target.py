"""What a person calls the function to be optimized: `path.py::Qual.name` or `path.py:LINE`.

Only the words are taken apart here; no file is read.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from secant.errors import BadRequest

Accessor = Literal["getter", "setter", "deleter"]

_FORMS = "Write path.py::function, path.py::Class.method or path.py:LINE."
_LINE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?")
_BARE_DRIVE = re.compile(r"[A-Za-z]")


class Target(BaseModel):
    """A file and either a name in it or a line of it."""

    model_config = ConfigDict(frozen=True, defer_build=True, extra="forbid")

    path: Path
    name: str | None = None
    """Dotted, without `<locals>`: `Basket.total`, `outer.inner`."""
    line: int | None = None
    """1-based."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.name is None else f"{self.path}::{self.name}"


def parse_target(text: str) -> Target:
    """`src/shop.py::Basket.total`, `src/shop.py:12`, `src/shop.py:12:5`, `C:\\shop.py::outer.<locals>.inner`.

    Raises BadRequest where the text is none of these.
    """
    stripped = text.strip()
    path, separator, name = stripped.partition("::")
    if separator:
        return Target(path=_path(path, text), name=_dotted(name, text))
    match = _LINE.fullmatch(stripped)
    if match and not _BARE_DRIVE.fullmatch(match["path"]):
        return Target(path=_path(match["path"], text), line=_line(match["line"], text))
    raise BadRequest(f"{text!r} names no function", hint=_FORMS)


def dotted_name(qualname: str) -> str:
    """A qualified name as people write it: `outer.<locals>.inner` is `outer.inner`."""
    return ".".join(part for part in qualname.split(".") if part != "<locals>")


def _path(path: str, text: str) -> Path:
    if not path:
        raise BadRequest(f"{text!r} names no file", hint=_FORMS)
    return Path(path)


def _dotted(name: str, text: str) -> str:
    dotted = dotted_name(name.replace("::", "."))
    if not dotted:
        raise BadRequest(f"{text!r} names no function after '::'", hint=_FORMS)
    for part in dotted.split("."):
        if not part.isidentifier():
            raise BadRequest(f"{part!r} in {text!r} is not a Python name", hint=_FORMS)
    return dotted


def _line(digits: str, text: str) -> int:
    line = int(digits)
    if line < 1:
        raise BadRequest(f"{text!r} names line {line}, but lines count from 1", hint=_FORMS)
    return line
