"""Checks whose value is a template: GitHub's evaluators and promptfoo's assertions name a case's fields in it."""

from __future__ import annotations

import re

from pydantic import JsonValue

from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.placeholders import fill, placeholders

EXPECTED = "expected"
_WHOLE = re.compile(rf"\{{\{{\s*{EXPECTED}\s*\}}\}}")


def filled(check: CheckSpec, row: Row) -> CheckSpec:
    """The check for one row. A name that the row does not have stays as it is written."""
    if not _templates(check.value):
        return check
    return check.model_copy(update={"value": _filled(check.value, row)})


def plain(check: CheckSpec) -> CheckSpec:
    """The check as it is spoken of: `{{expected}}` alone is the expected answer."""
    return check.model_copy(update={"value": None}) if _is_expected(check.value) else check


def _is_expected(value: JsonValue) -> bool:
    return isinstance(value, str) and _WHOLE.fullmatch(value.strip()) is not None


def _templates(value: JsonValue) -> bool:
    texts = value if isinstance(value, list) else [value]
    return any(isinstance(text, str) and "{{" in text for text in texts)


def _filled(value: JsonValue, row: Row) -> JsonValue:
    if isinstance(value, list):
        return [_filled(each, row) for each in value]
    if not isinstance(value, str):
        return value
    if _is_expected(value):
        return row.expected
    known = {EXPECTED: row.expected, **row.fields}
    named = [p.name for p in placeholders(value, ("mustache",))]
    return fill(value, ("mustache",), known) if named and all(name in known for name in named) else value
