"""Assertions of promptfoo as checks. A type that is not here is named, with its lines, and left out.

The values of assertions are templates, filled with the variables of the test; files that they name are looked for
beside the file with the test, then beside the config.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

from pydantic import JsonValue

from secant.errors import BadRequest, SecantError
from secant.promptfiles.evaldata.rows import CheckSet, CheckSpec
from secant.promptfiles.formats.promptfoo_files import SCHEME, Files, Written, is_program
from secant.promptfiles.formats.yamltext import YamlFault, load
from secant.promptfiles.placeholders import fill

_KINDS = {
    **{kind: kind for kind in ("contains", "icontains", "starts-with", "regex", "ends-with")},
    **{kind: kind for kind in ("contains-all", "contains-any", "icontains-all", "icontains-any")},
    "equals": "exact",
    "is-json": "json-schema",
    "contains-json": "json-schema",
    "llm-rubric": "judge",
    "model-graded-closedqa": "judge",
    "g-eval": "judge",
    "python": "python",
}
_OPTIONS: Mapping[str, Mapping[str, JsonValue]] = {"equals": {"strict": True}, "contains-json": {"within": True}}
_FUNCTION = "get_assert"
"""What promptfoo calls in a Python file that names no function."""
_NOT_USED = ("transform", "provider", "rubricPrompt", "contextTransform")
_NAMED = 4
_NAMED_GROUP = re.compile(r"(?<!\\)\(\?<(?=[A-Za-z_])")
_NAMED_REFERENCE = re.compile(r"\\k<([A-Za-z_]\w*)>")


class _Asked(NamedTuple):
    """Where assertions stand, and for which test, with which variables."""

    test: Written
    case: Written
    variables: Mapping[str, JsonValue]


class Asserts:
    """Turns assertions of one config into checks; `notices` are the sentences about those that were left out."""

    def __init__(self, files: Files, templates: Mapping[str, Any]) -> None:
        """`templates` are the config's `assertionTemplates`."""
        self._files = files
        self._templates = templates
        self._sets = 0
        self._left_out: dict[tuple[Path, str], list[int]] = {}

    @property
    def notices(self) -> list[str]:
        """One sentence for each kind of thing that was left out of a file."""
        return [f"{path}:{_lines(lines)}: {what}; it is left out" for (path, what), lines in self._left_out.items()]

    def checks(
        self, value: Any, test: Written, variables: Mapping[str, JsonValue], case: Written | None = None
    ) -> tuple[CheckSpec, ...]:
        """The checks of a list of assertions, as they stand in `test`, their values filled with the variables of `case`
        (the same test, if none is named).
        """
        values = cast("list[Any]", value) if isinstance(value, list) else [] if value is None else [value]
        asked = _Asked(test, case or test, variables)
        return tuple(check for each in values for check in self._check(each, asked, 1.0))

    def leave_out(self, what: str, test: Written) -> None:
        """Say that something is not used."""
        self._left_out.setdefault((test.path, what), []).append(test.line)

    def _check(self, assertion: Any, asked: _Asked, factor: float) -> Iterator[CheckSpec]:
        test = asked.test
        fields = self._fields(assertion, test)
        if fields is None:
            return
        kind = fields.get("type")
        if kind == "assert-set":
            yield from self._set(fields, asked, factor)
            return
        weight = factor * _number(fields.get("weight"), 1.0)
        why = _objection(kind, weight, fields)
        if why or not isinstance(kind, str):
            self.leave_out(why, test)
            return
        plain = kind.removeprefix("not-")
        try:
            value = self._value(plain, fields.get("value"), asked)
        except _LeftOut as reason:
            self.leave_out(f"the assertion `{kind}` {reason}", test)
            return
        except BadRequest as error:
            self.leave_out(f"the assertion `{kind}` cannot be filled: {error.message}", asked.case)
            return
        for name in _NOT_USED:
            if name in fields:
                self.leave_out(f"`{name}` of the assertion `{kind}` is not supported", test)
        yield CheckSpec(
            kind=_KINDS[plain],
            value=value,
            negate=plain != kind,
            weight=weight,
            threshold=_number(fields.get("threshold"), None),
            options=_OPTIONS.get(plain, {}),
        )

    def _fields(self, assertion: Any, test: Written) -> Mapping[str, Any] | None:
        """The assertion as a mapping, a reference to a template followed."""
        if not isinstance(assertion, dict):
            self.leave_out(f"the assertion {str(assertion)[:60]!r} is no mapping", test)
            return None
        fields = cast("dict[str, Any]", assertion)
        reference = fields.get("$ref")
        if isinstance(reference, str):
            template = self._templates.get(reference.rpartition("/")[2])
            if not isinstance(template, dict):
                self.leave_out(f"the assertion refers to {reference}, which is not there", test)
                return None
            fields = {**cast("dict[str, Any]", template), **fields}
        return fields

    def _set(self, fields: Mapping[str, Any], asked: _Asked, factor: float) -> Iterator[CheckSpec]:
        inner = fields.get("assert")
        values = cast("list[Any]", inner) if isinstance(inner, list) else []
        found = [check for each in values for check in self._check(each, asked, 1.0)]
        weight = factor * _number(fields.get("weight"), 1.0)
        threshold = _number(fields.get("threshold"), None)
        if threshold is not None and any(check.together for check in found):
            self.leave_out("the threshold of an `assert-set` with others in it is not supported", asked.test)
            threshold = None
        if threshold is not None:
            self._sets += 1
            together = CheckSet(number=self._sets, weight=weight, threshold=threshold)
            yield from (check.model_copy(update={"together": together}) for check in found)
            return
        total = sum(check.weight for check in found)
        for check in found:  # all of a set weigh together what one assertion does
            yield check.model_copy(update={"weight": check.weight * weight / total})

    def _value(self, kind: str, value: Any, asked: _Asked) -> JsonValue:
        """What is compared with, read from a file where it names one. Raises _LeftOut with the reason, and BadRequest
        where a variable is missing.
        """
        if kind == "python":
            return self._function(value, asked.test)
        if isinstance(value, list):
            return [self._value(kind, each, asked) for each in cast("list[Any]", value)]
        if not isinstance(value, str):
            return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        if value.startswith(SCHEME):
            value = self._file(value, asked.test)
        if kind in ("is-json", "contains-json"):
            return self._schema(value)
        text = fill(value, ("jinja",), asked.variables) if "{{" in value or "{%" in value else value
        return _expression(text) if kind == "regex" else text

    def _function(self, value: Any, test: Written) -> str:
        if not isinstance(value, str) or not value.startswith(SCHEME):
            raise _LeftOut("has its code in the config, which is not run: put it into a file, `file://check.py`")
        named, separator, function = value.partition(".py")
        if not separator:
            raise _LeftOut(f"names no Python file: {value}")
        return f"{self._files.found(named + '.py', test.path)}::{function.removeprefix(':') or _FUNCTION}"

    def _file(self, value: str, test: Written) -> str:
        if is_program(value):
            raise _LeftOut(f"is made by a program: {value}")
        path = self._files.found(value, test.path)
        try:
            return self._files.read(path).text.strip()
        except SecantError as error:
            raise _LeftOut(f"names a file that cannot be read: {error.message} ({path})") from error

    def _schema(self, value: str) -> JsonValue:
        try:
            return json.loads(value)
        except ValueError:
            try:
                return load(value)
            except YamlFault as fault:
                raise _LeftOut(f"has a schema that cannot be read: {fault.message}") from fault


def _expression(pattern: str) -> str:
    """An expression of JavaScript in Python's words. Raises _LeftOut where it has none."""
    found = _NAMED_REFERENCE.sub(r"(?P=\1)", _NAMED_GROUP.sub("(?P<", pattern))
    try:
        re.compile(found)
    except (re.error, OverflowError, RecursionError) as error:
        raise _LeftOut(f"is no regular expression of Python's: {error}") from error
    return found


class _LeftOut(Exception):  # noqa: N818  the reason, on its way to a notice
    pass


def _objection(kind: Any, weight: float, fields: Mapping[str, Any]) -> str:
    """Why an assertion is no check of ours; empty for one that is."""
    if not isinstance(kind, str):
        return "an assertion without a type"
    if kind.removeprefix("not-") not in _KINDS:
        return f"the assertion `{kind}` is not supported"
    return f"an assertion `{kind}` counts for nothing" if not weight or fields.get("metricOnly") else ""


def _number(value: Any, default: Any) -> Any:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default


def _lines(lines: list[int]) -> str:
    distinct = list(dict.fromkeys(lines))
    more = f" (and {len(distinct) - _NAMED} more)" if len(distinct) > _NAMED else ""
    return ", ".join(map(str, distinct[:_NAMED])) + more
