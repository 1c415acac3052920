"""Assertions of promptfoo as checks. A type that is not here is named, with its lines, and left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

from pydantic import JsonValue

from secant.errors import BadRequest, SecantError
from secant.promptfiles.evaldata.rows import CheckSpec
from secant.promptfiles.formats.source import Source
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
_NAMED = 4


class Assertion(NamedTuple):
    """One as it stands in the config, and in which line its test begins."""

    value: Any
    line: int


class Asserts:
    """Turns assertions of one config into checks; `notices` are the sentences about those that were left out."""

    def __init__(self, source: Source, templates: Mapping[str, Any]) -> None:
        """`templates` are the config's `assertionTemplates`."""
        self._source = source
        self._path = source.path
        self._templates = templates
        self._left_out: dict[str, list[int]] = {}

    @property
    def notices(self) -> list[str]:
        """One sentence for each kind of thing that was left out."""
        return [f"{self._path}:{_lines(lines)}: {what}; it is left out" for what, lines in self._left_out.items()]

    def checks(self, value: Any, line: int, variables: Mapping[str, JsonValue]) -> tuple[CheckSpec, ...]:
        """The checks of a list of assertions, their values filled with the test's variables."""
        values = cast("list[Any]", value) if isinstance(value, list) else [] if value is None else [value]
        return tuple(check for each in values for check in self._check(Assertion(each, line), variables, 1.0))

    def leave_out(self, what: str, line: int) -> None:
        """Say that something is not used."""
        self._left_out.setdefault(what, []).append(line)

    def _check(self, assertion: Assertion, variables: Mapping[str, JsonValue], factor: float) -> Iterator[CheckSpec]:
        fields = self._fields(assertion)
        if fields is None:
            return
        kind = fields.get("type")
        if kind == "assert-set":
            yield from self._set(fields, assertion.line, variables, factor)
            return
        if not isinstance(kind, str):
            self.leave_out("an assertion without a type", assertion.line)
            return
        plain = kind.removeprefix("not-")
        if plain not in _KINDS:
            self.leave_out(f"the assertion `{kind}` is not supported", assertion.line)
            return
        try:
            value = self._value(plain, fields.get("value"), variables)
        except _LeftOut as reason:
            self.leave_out(f"the assertion `{kind}` {reason}", assertion.line)
            return
        for name in ("transform", "provider", "rubricPrompt", "contextTransform"):
            if name in fields:
                self.leave_out(f"`{name}` of the assertion `{kind}` is not supported", assertion.line)
        yield CheckSpec(
            kind=_KINDS[plain],
            value=value,
            negate=plain != kind,
            weight=factor * _number(fields.get("weight"), 1.0),
            threshold=_number(fields.get("threshold"), None),
            options=_OPTIONS.get(plain, {}),
        )

    def _fields(self, assertion: Assertion) -> Mapping[str, Any] | None:
        """The assertion as a mapping, a reference to a template followed."""
        value = assertion.value
        if not isinstance(value, dict):
            self.leave_out(f"the assertion {str(value)[:60]!r} is no mapping", assertion.line)
            return None
        fields = cast("dict[str, Any]", value)
        reference = fields.get("$ref")
        if isinstance(reference, str):
            template = self._templates.get(reference.rpartition("/")[2])
            if not isinstance(template, dict):
                self.leave_out(f"the assertion refers to {reference}, which is not there", assertion.line)
                return None
            fields = {**cast("dict[str, Any]", template), **fields}
        return fields

    def _set(
        self, fields: Mapping[str, Any], line: int, variables: Mapping[str, JsonValue], factor: float
    ) -> Iterator[CheckSpec]:
        if fields.get("threshold") is not None:
            self.leave_out("the threshold of an `assert-set` is not supported", line)
        inner = fields.get("assert")
        for each in cast("list[Any]", inner) if isinstance(inner, list) else []:
            yield from self._check(Assertion(each, line), variables, factor * _number(fields.get("weight"), 1.0))

    def _value(self, kind: str, value: Any, variables: Mapping[str, JsonValue]) -> JsonValue:
        """What is compared with, read from a file where it names one. Raises _LeftOut with the reason."""
        if kind == "python":
            return self._function(value)
        if isinstance(value, list):
            return [self._value(kind, each, variables) for each in cast("list[Any]", value)]
        if not isinstance(value, str):
            return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        if value.startswith("file://"):
            value = self._file(value)
        if kind in ("is-json", "contains-json"):
            return self._schema(value)
        if "{{" not in value:
            return value
        try:
            return fill(value, ("mustache",), variables)
        except BadRequest as error:
            raise _LeftOut(f"cannot be filled: {error.message}") from error

    def _function(self, value: Any) -> str:
        if not isinstance(value, str) or not value.startswith("file://"):
            raise _LeftOut("has its code in the config, which is not run: put it into a file, `file://check.py`")
        named, separator, function = value.removeprefix("file://").partition(".py")
        if not separator:
            raise _LeftOut(f"names no Python file: {value}")
        return f"{self._path.parent / (named + '.py')}::{function.removeprefix(':') or _FUNCTION}"

    def _file(self, value: str) -> str:
        path = self._path.parent / value.removeprefix("file://")
        if path.suffix.casefold() in (".js", ".cjs", ".mjs", ".ts", ".py"):
            raise _LeftOut(f"is made by a program: {value}")
        try:
            return self._source.other(path).text.strip()
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


class _LeftOut(Exception):  # noqa: N818  the reason, on its way to a notice
    pass


def _number(value: Any, default: Any) -> Any:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default


def _lines(lines: list[int]) -> str:
    distinct = list(dict.fromkeys(lines))
    more = f" (and {len(distinct) - _NAMED} more)" if len(distinct) > _NAMED else ""
    return ", ".join(map(str, distinct[:_NAMED])) + more
