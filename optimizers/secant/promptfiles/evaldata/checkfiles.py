"""What a check of the data compares with where that is a schema in words, or stands in a file: `file://...`, beside the
data.
"""

from __future__ import annotations

import json
from pathlib import Path

from secant.promptfiles.evaldata.decoding import data_bytes, decoded
from secant.promptfiles.evaldata.records import bad
from secant.promptfiles.evaldata.rows import CheckSpec

_SCHEME = "file://"
_ELSEWHERE = ("python", "judge")
"""Whose values are read by whoever uses them, or are never files."""


def with_file(check: CheckSpec, data: Path, line: int) -> CheckSpec:
    """The check with its value. Raises UnreadableFile, and BadRequest for a schema that is no JSON."""
    value = check.value
    if not isinstance(value, str) or check.kind in _ELSEWHERE:
        return check
    path = data
    if value.startswith(_SCHEME):
        path = data.parent / value.removeprefix(_SCHEME)
        value = decoded(data_bytes(path), path).strip()
    if check.kind != "json-schema":
        return check if path == data else check.model_copy(update={"value": value})
    try:
        return check.model_copy(update={"value": json.loads(value)})
    except (ValueError, RecursionError) as error:
        where = f"the schema in {path}" if path != data else "its schema"
        raise bad(data, line, f"{where} is no JSON: {error}") from error
