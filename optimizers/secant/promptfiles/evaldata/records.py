"""What every format of data files comes to before a row is made of it: a mapping with the place where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from secant.errors import BadRequest


class Record(NamedTuple):
    """One object of a data file."""

    line: int
    """Where it begins, from 1."""
    value: Any
    """As the format has it; `rows` asks for a mapping."""
    size: int = 0
    """Characters that it takes in the file."""


class Contents(NamedTuple):
    """A data file, read but not yet understood."""

    records: tuple[Record, ...]
    header: Mapping[str, Any] = {}
    """What stands beside the list of cases: a metric, checks for every case."""


class NotJson(ValueError):  # noqa: N818 named after what it is
    """A value that JSON has no way to write."""


def bad(path: object, line: int, message: str, hint: str = "") -> BadRequest:
    """What is wrong with the data, with its place."""
    return BadRequest(message, hint=hint, where=f"{path}:{line}")
