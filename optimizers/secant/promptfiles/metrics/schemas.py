"""Answers that must be JSON, and fit a JSON schema where one is given."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, cast

from pydantic import JsonValue

from secant.errors import BadRequest, UnreadableFile
from secant.functions.buffers import Buffers
from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.metrics.bounded import Asked, Told, held_against
from secant.promptfiles.metrics.contract import Grade
from secant.promptfiles.metrics.kinds import Item, quoted

_OPENING = re.compile(r"[{\[]")
_MOST_TRIED = 200
"""Brackets at which JSON is looked for: an answer full of them is not read a thousand times."""
_BLOCK = re.compile(r"^[ \t]*```[\w-]*[ \t]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)


class Schema:
    """The answer, or the last fenced block in it that is JSON, fits the schema; without one any JSON will do.

    With the option `within` (promptfoo's `contains-json`) the JSON may stand amid other words.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._faults: dict[str, str] = {}

    def says(self, check: CheckSpec) -> str:
        verb = "has" if check.options.get("within") else "is"
        return f"it {verb} JSON that fits the schema" if isinstance(check.value, dict) else f"it {verb} JSON"

    def objection(self, check: CheckSpec, row: Row) -> str:
        if check.value is None:
            return ""
        known = json.dumps(check.value, sort_keys=True)
        if known not in self._faults:  # a schema that many rows have is looked at once
            self._faults[known] = fault(check.value)
        return f"its schema is none: {self._faults[known]}" if self._faults[known] else ""

    def grade(self, items: Sequence[Item]) -> Sequence[Grade]:
        found = [json_in(item.output, within=bool(item.check.options.get("within"))) for item in items]
        pairs = zip(items, found, strict=True)
        asked = [Asked({"schema": item.check.value}, text) for item, text in pairs if text and _given(item)]
        told = held_against(asked, self._seconds)
        return [self._graded(item, text, told) for item, text in zip(items, found, strict=True)]

    def close(self) -> None:
        pass

    def _graded(self, item: Item, text: str | None, told: Any) -> Grade:
        if not text:
            return Grade(score=0.0, feedback=f"it is no JSON: {_why(item.output)}", error="parse")
        if not _given(item):
            return Grade(score=1.0)
        return self._fitting(next(told))

    def _fitting(self, told: Told) -> Grade:
        if told.slow:
            what = f"holding an answer against the schema took longer than {self._seconds:g} s and was given up"
            return Grade(score=0.0, feedback=what, error="timeout", unusable=what)
        if told.fault:
            what = f"the schema cannot be used: {told.fault}"
            return Grade(score=0.0, feedback=what, error="crash", unusable=what)
        if told.found:
            return Grade(score=1.0)
        return Grade(score=0.0, feedback=f"it does not fit the schema: at {told.place}: {told.why}")


def json_in(output: str, *, within: bool = False) -> str | None:
    """The JSON of an answer: all of it, or its last fenced block that is some, or (`within`) the first object or list
    in it; None where there is none.
    """
    for text in (output, *reversed([match[1] for match in _BLOCK.finditer(output)])):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            continue
        return text
    decoder = json.JSONDecoder()
    for match in islice(_OPENING.finditer(output), _MOST_TRIED if within else 0):
        try:
            return output[match.start() : decoder.raw_decode(output, match.start())[1]]
        except (ValueError, RecursionError):
            continue
    return None


def schema_of(value: JsonValue, folder: Path, buffers: Buffers) -> JsonValue:
    """The schema that a check names: an object, its text, or a file. Raises BadRequest for what is none."""
    if value is None or isinstance(value, dict | bool):
        schema, where = value, "json-schema"
    elif isinstance(value, str):
        schema, where = _loaded(value, folder, buffers)
    else:
        raise BadRequest("a schema is an object or a file", hint="For example: json-schema:answer.schema.json.")
    trouble = fault(schema) if schema is not None else ""
    if trouble:
        raise BadRequest(f"this is no JSON schema: {trouble}", hint="See https://json-schema.org.", where=where)
    return schema


def fault(schema: JsonValue) -> str:
    """Why a value is no JSON schema; empty where it is one."""
    from jsonschema.exceptions import SchemaError  # noqa: PLC0415 a quarter of a second that other metrics need not wait

    from secant.promptfiles.metrics.bounded_process import validator  # noqa: PLC0415

    if not isinstance(schema, dict | bool):
        return "it is no object"
    try:
        validator(schema)
        lost = _lost_reference(schema)
    except SchemaError as error:
        return f"at {error.json_path}: {error.message}"[:300]
    except (re.error, RecursionError) as error:
        return str(error)
    return f"its reference {lost} leads nowhere; what it means must stand in the schema itself" if lost else ""


def _lost_reference(schema: JsonValue) -> str:
    """The first `$ref` that nothing in the schema answers: none is fetched. Else empty."""
    from referencing import Resource  # noqa: PLC0415 as above
    from referencing.exceptions import Unresolvable  # noqa: PLC0415
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415

    known: Any = import_module("jsonschema_specifications").REGISTRY  # the drafts themselves
    root: Any = Resource.from_contents(cast("Any", schema), default_specification=DRAFT202012)
    waiting: list[tuple[Any, Any]] = [(known.resolver_with_root(root), root)]
    while waiting:
        resolver, resource = waiting.pop()
        contents = cast("dict[str, Any]", resource.contents) if isinstance(resource.contents, dict) else {}
        reference = contents.get("$ref")
        try:
            if isinstance(reference, str):
                resolver.lookup(reference)
        except Unresolvable as error:
            return str(reference or error.ref)
        waiting += [(resolver.in_subresource(each), each) for each in resource.subresources()]
    return ""


def _loaded(text: str, folder: Path, buffers: Buffers) -> tuple[JsonValue, str]:
    if text.lstrip().startswith("{"):
        where, source = "json-schema", text
    else:
        path = folder / text.removeprefix("file://")
        where = str(path)
        try:
            source = buffers.data(path).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            hint = "Name a file with a schema, for example json-schema:answer.schema.json."
            raise UnreadableFile(f"the schema cannot be read: {error}", hint=hint, where=where) from error
    try:
        return cast("JsonValue", json.loads(source)), where
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"the schema is no JSON: {error}", where=where) from error


def _given(item: Item) -> bool:
    return item.check.value is not None


def _why(output: str) -> str:
    if not output.strip():
        return "it is empty"
    try:
        json.loads(output)
    except json.JSONDecodeError as error:
        return f"{error.msg} at line {error.lineno}, column {error.colno} of {quoted(output)}"
    except (ValueError, RecursionError):
        pass
    return quoted(output)
