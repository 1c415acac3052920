"""From the records of one file to its rows: each checked, numbered, and told apart from those that say the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import JsonValue, ValidationError

from secant.promptfiles.evaldata.assertions import checks_of, expected_check
from secant.promptfiles.evaldata.checkfiles import with_file
from secant.promptfiles.evaldata.choices import choice_text, letter_of
from secant.promptfiles.evaldata.recognition import (
    CHECKS,
    RECORDED,
    SPLIT_NAMES,
    Shape,
    nested,
    shape,
    split_named,
    verdict_of,
)
from secant.promptfiles.evaldata.records import Record, bad
from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.types import Split

_HUGE = 1 << 20
"""Characters above which a row is said to be huge: it is kept, but a model may not hold it."""
_MOST_NAMED = 5
_METADATA = ("__metadata", "__config:")
_IGNORED = ("__description", "__prefix", "__suffix", "__metric", "__threshold")


class Builder:
    """Makes the rows of one file. What was left aside is in `notices` afterwards."""

    def __init__(self, path: Path, split: Split | None = None) -> None:
        """`split` is the one that the file's name gives to all of its rows."""
        self._path = path
        self._split: Split | None = split
        self.notices: list[str] = []

    def rows(self, records: Sequence[Record]) -> tuple[Row, ...]:
        """Raises BadRequest for a record that is no case."""
        for record in records:
            if not isinstance(record.value, dict):
                what = f"this case is no object but {_shown(record.value)}"
                raise bad(self._path, record.line, what, 'A case is an object: {"input": "2 + 2", "expected": "4"}')
        understood = shape([record.value for record in records])
        unknown: dict[str, list[int]] = {}
        rows = [self._row(record, number, understood, unknown) for number, record in enumerate(records, start=1)]
        for what, lines in unknown.items():
            self._notice(lines, f"{what}; it is left out")
        self._say_huge(records)
        return self._distinct(rows)

    def _row(self, record: Record, number: int, found: Shape, unknown: dict[str, list[int]]) -> Row:
        values: Mapping[str, Any] = record.value
        inner = nested(values)
        verdict = verdict_of(values)
        fields = dict(inner) if inner is not None else {n: v for n, v in values.items() if not _special(n, v, found)}
        if verdict and inner is None:
            fields.pop(verdict[0], None)
        expected: JsonValue = values.get(found.expected) if found.expected else None
        checks = self._checks(values, record.line, found, unknown)
        if found.expected == "__expected":
            expected = checks[0].value if checks and checks[0].kind == "exact" and not checks[0].negate else None
        if (choices := choice_text(fields.get("choices"))) is not None:
            expected = letter_of(expected, fields["choices"])
            fields["choices"] = choices
        if not any(value not in (None, "") for value in fields.values()):
            hint = f"It has {', '.join(values) or 'no fields'}; what goes in is missing, for example `input`."
            raise bad(self._path, record.line, "this case has no input", hint)
        try:
            return Row(
                id=str(values["id"]) if found.ids else str(number),
                path=str(self._path),
                line=record.line,
                fields=fields,
                expected=None if expected == "" else expected,
                checks=checks,
                split=self._split_of(values, record.line),
                recorded=_recorded(values),
                verdict=verdict[1] if verdict else None,
                threshold=self._threshold(values, record.line, nested=inner is not None),
                prefix=str(values.get("__prefix") or ""),
                suffix=str(values.get("__suffix") or ""),
            )
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"][:2])
            raise bad(self._path, record.line, f"{place} is no value of JSON: {first['msg']}") from error

    def _threshold(self, values: Mapping[str, Any], line: int, *, nested: bool) -> float | None:
        """How much of the weight of its checks is enough for a case."""
        value = values.get("__threshold", values.get("threshold") if nested else None)
        if value in (None, ""):
            return None
        try:
            return float(value)
        except (TypeError, ValueError) as error:
            raise bad(self._path, line, f"the threshold {_shown(value)} is no number", "For example: 0.75.") from error

    def _split_of(self, values: Mapping[str, Any], line: int) -> Split | None:
        if self._split is not None or "split" not in values or values["split"] in (None, ""):
            return self._split
        found = split_named(values["split"])
        if found is None:
            hint = f"Known are {', '.join(SPLIT_NAMES)}."
            raise bad(self._path, line, f"there is no split {_shown(values['split'])}", hint)
        return found

    def _checks(
        self, values: Mapping[str, Any], line: int, found: Shape, unknown: dict[str, list[int]]
    ) -> tuple[CheckSpec, ...]:
        checks: list[CheckSpec] = []
        for name in CHECKS:
            if values.get(name) not in (None, ""):
                understood = checks_of(values[name])
                checks += (with_file(check, self._path, line) for check in understood.checks)
                for what in understood.unknown:
                    unknown.setdefault(what, []).append(line)
        for name, cell in values.items():
            if _promptfoo(name) and isinstance(cell, str) and cell.strip():
                check = expected_check(cell)
                if isinstance(check, CheckSpec):
                    checks.append(with_file(check, self._path, line))
                else:
                    unknown.setdefault(check, []).append(line)
        return tuple(checks)

    def _say_huge(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.size > _HUGE:
                self._notice([record.line], f"this case has {record.size / 1e6:.1f} million characters")

    def _distinct(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Each case once; the same input with another answer stays, and is told."""
        kept: dict[str, Row] = {}
        first: dict[str, Row] = {}
        repeated: dict[int, list[int]] = {}
        conflicts: list[int] = []
        for row in rows:
            given = _written(row.fields)
            checks = [_written(check.model_dump()) for check in row.checks]
            asked = [given, _written(row.expected), *checks, row.recorded or ""]
            known = kept.setdefault(self._digest("\n".join(asked), row.line), row)
            if known is not row:
                repeated.setdefault(known.line, []).append(row.line)
                continue
            before = first.setdefault(self._digest(given, row.line), row)
            if before is not row and before.expected != row.expected:
                conflicts.append(row.line)
                if len(conflicts) == 1:
                    what = f"the same input as line {before.line}, but another answer"
                    self._notice([row.line], f"{what} ({_shown(before.expected)} and {_shown(row.expected)})")
        for line, again in list(repeated.items())[:_MOST_NAMED]:
            self._notice(again, f"the same case as line {line}; it counts once")
        if len(repeated) > _MOST_NAMED:
            self.notices.append(f"{self._path}: {len(repeated) - _MOST_NAMED} more cases stand there several times")
        if len(conflicts) > 1:
            self.notices.append(f"{self._path}: {len(conflicts) - 1} more inputs have several answers")
        return tuple(kept.values())

    def _digest(self, text: str, line: int) -> str:
        """Stands for a text that need not be kept."""
        try:
            return hashlib.sha256(text.encode("utf-8")).hexdigest()
        except UnicodeEncodeError as error:
            what = f"this case has half of a character (U+{ord(text[error.start]):04X})"
            raise bad(self._path, line, what, "Write the character itself, or both halves of it.") from error

    def _notice(self, lines: Sequence[int], what: str) -> None:
        more = f" (and {len(lines) - _MOST_NAMED} more)" if len(lines) > _MOST_NAMED else ""
        named = ", ".join(map(str, lines[:_MOST_NAMED]))
        self.notices.append(f"{self._path}:{named}{more}: {what}")


def _written(value: Any) -> str:
    """The same for equal values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _special(name: str, value: Any, found: Shape) -> bool:
    """Whether the field is none that fills a placeholder."""
    if name in ("split", *RECORDED, *_IGNORED, found.expected) or _promptfoo(name) or name.startswith(_METADATA):
        return True
    if name == "checks" or (name == "assert" and isinstance(value, list | dict)):
        return True
    return name == "id" and found.ids


def _promptfoo(name: str) -> bool:
    return name.startswith("__expected") and name.removeprefix("__expected").strip("0123456789") == ""


def _recorded(values: Mapping[str, Any]) -> str | None:
    value = next((values[name] for name in RECORDED if values.get(name) is not None), None)
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shown(value: Any) -> str:
    text = json.dumps(cast("JsonValue", value), ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:59]}…"
