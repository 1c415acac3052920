"""One promptfoo test, with what the config says of every test, as cases.

A variable with a list of texts makes a case of each, as promptfoo has it; so does a pattern that several files match.
What is not understood is named in a notice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, cast

from pydantic import JsonValue

from secant.errors import BadRequest
from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.formats.promptfoo_asserts import Asserts
from secant.promptfiles.formats.promptfoo_files import SCHEME, Files, Written, has_pattern
from secant.promptfiles.placeholders import fill

_MOST_COMBINATIONS = 1000
_DEEPEST = 5
"""How often a variable may stand in a variable."""
_REFERENCE = re.compile(r"\{\{\s*([^\W\d]\w*)\s*\}\}")
_UNUSED = ("provider", "providers", "assertScoringFunction", "transform", "postprocess")
_USED_OPTIONS = frozenset({"prefix", "suffix", "disableVarExpansion", "disableDefaultAsserts"})
_OTHERS_AFFAIR = frozenset({"runSerially", "disableConversationVar"})
"""Options that only say how promptfoo goes about a test."""


class Cases:
    """Makes cases of tests; `default` is the config's `defaultTest`."""

    def __init__(self, default: Written, files: Files, asserts: Asserts, names: Sequence[str], *, framed: bool) -> None:
        """`names` are those of the prompt that is asked; `framed` says that a text can be put around it."""
        self._default = default
        self._files = files
        self._asserts = asserts
        self._names = names
        self._framed = framed
        self._always: Any = default.fields.get("assert")
        self._given = self.variables(default)
        self._options = _mapping(default.fields.get("options"))
        self._say_unused(default)

    @property
    def shares(self) -> bool:
        """Whether what the config asks of every test is the same for all of them."""
        written = json.dumps(self._always, default=str)
        return "{{" not in written and "{%" not in written

    def always(self) -> tuple[CheckSpec, ...]:
        """The checks that all cases share."""
        return self._asserts.checks(self._always, self._default, self._given)

    def variables(self, written: Written) -> Mapping[str, Any]:
        """The variables as they are written; all of them may stand in a file."""
        value = written.fields.get("vars")
        if isinstance(value, str) and value.startswith(SCHEME):
            value = self._files.value(value, written)
        if value is not None and not isinstance(value, dict):
            self._asserts.leave_out("`vars` that are no mapping are not read", written)
        return _mapping(value)

    def rows(self, test: Written, *, apart: bool = False) -> Iterator[Row]:
        """The cases of one test. With `apart` each also has the checks that are asked of every test."""
        if not self._concerns(test):
            return
        self._say_unused(test)
        options = {**self._options, **_mapping(test.fields.get("options"))}
        variables = {**self._given, **self.variables(test)}
        choices = [self._choices(value, test, options) for value in variables.values()]
        combinations = 1
        for each in choices:
            combinations *= len(each)
        if combinations > _MOST_COMBINATIONS:
            raise BadRequest(
                f"the variables of this test make {combinations} cases",
                hint=f"More than {_MOST_COMBINATIONS} are not made of one.",
                where=f"{test.path}:{test.line}",
            )
        for chosen in product(*choices):
            fields = _resolved({name: self._read(value, test) for name, value in zip(variables, chosen, strict=True)})
            yield self._row(test, fields, options, apart=apart)

    def _row(self, test: Written, fields: Mapping[str, JsonValue], options: Mapping[str, Any], *, apart: bool) -> Row:
        own = self._asserts.checks(test.fields.get("assert"), test, fields)
        # a test that does without them is told apart from the others by `tests`
        always = self._always if apart and not options.get("disableDefaultAsserts") else None
        checks = (*own, *self._asserts.checks(always, self._default, fields, case=test))
        recorded = test.fields.get("providerOutput")
        return Row(
            id="",
            path=str(test.path),
            line=test.line,
            fields=fields,
            expected=next((c.value for c in checks if c.kind == "exact" and not c.negate), None),
            checks=checks,
            recorded=recorded if recorded is None or isinstance(recorded, str) else json.dumps(recorded),
            threshold=self._threshold(test),
            prefix=self._around(options.get("prefix"), test, fields),
            suffix=self._around(options.get("suffix"), test, fields),
        )

    def _concerns(self, test: Written) -> bool:
        """Whether the test is for this prompt: it may name those that it is for."""
        wanted: Any = test.fields.get("prompts")
        if wanted is None:
            return True
        names = [wanted] if isinstance(wanted, str) else cast("list[Any]", wanted) if isinstance(wanted, list) else []
        groups = tuple(f"{str(name).removesuffix(':*')}:" for name in names)
        return any(name in names or name.startswith(groups) for name in self._names)

    def _choices(self, value: Any, test: Written, options: Mapping[str, Any]) -> Sequence[Any]:
        """The values of a variable, each of which makes a case."""
        if isinstance(value, str) and value.startswith(SCHEME) and has_pattern(value):
            found = self._files.matching(value, test.path)
            if not found:
                raise BadRequest(f"no file is named {value}", where=f"{test.path}:{test.line}")
            return [f"{SCHEME}{path}" for path in found]
        values = cast("list[Any]", value) if isinstance(value, list) else []
        expands = bool(values) and isinstance(values[0], str) and not options.get("disableVarExpansion")
        return values if expands else [value]

    def _read(self, value: Any, test: Written) -> Any:
        return self._files.value(value, test) if isinstance(value, str) and value.startswith(SCHEME) else value

    def _threshold(self, test: Written) -> float | None:
        value = test.fields.get("threshold", self._default.fields.get("threshold"))
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._asserts.leave_out(f"the threshold {str(value)[:40]!r} of a test is no number", test)
            return None
        return float(value)

    def _around(self, value: Any, test: Written, fields: Mapping[str, JsonValue]) -> str:
        """A text that stands before or behind the prompt for this case."""
        if not isinstance(value, str) or not value:
            return ""
        if not self._framed:
            self._asserts.leave_out("`prefix` and `suffix` are not put around a chat", test)
            return ""
        if value.startswith(SCHEME):
            value = str(self._files.value(value, test))
        try:
            return fill(value, ("jinja",), fields)
        except BadRequest as error:
            raise BadRequest(error.message, hint=error.hint, where=f"{test.path}:{test.line}") from error

    def _say_unused(self, test: Written) -> None:
        for name in _UNUSED:
            if test.fields.get(name):
                self._asserts.leave_out(f"`{name}` of a test is not supported", test)
        for name, value in _mapping(test.fields.get("options")).items():
            if value and name not in _USED_OPTIONS | _OTHERS_AFFAIR:
                self._asserts.leave_out(f"the option `{name}` of a test is not supported", test)


def _resolved(fields: Mapping[str, Any]) -> Mapping[str, JsonValue]:
    """The variables with those that they name (`{{name}}`) put in, as promptfoo does before it fills a prompt."""
    found = fields
    for _ in range(_DEEPEST):
        before, found = found, {name: _filled(value, found) for name, value in found.items()}
        if found == before:
            break
    return found


def _filled(value: Any, fields: Mapping[str, Any]) -> Any:
    if not isinstance(value, str) or "{{" not in value:
        return value
    return _REFERENCE.sub(lambda match: _referred(match, fields), value)


def _referred(match: re.Match[str], fields: Mapping[str, Any]) -> str:
    value = fields.get(match[1])
    return value if isinstance(value, str) else match[0] if value is None else json.dumps(value, ensure_ascii=False)


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
