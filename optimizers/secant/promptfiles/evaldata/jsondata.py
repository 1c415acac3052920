"""Data as JSON: one object a line, a list of objects, or an object that holds such a list. Each keeps its place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from secant.errors import BadRequest
from secant.promptfiles.evaldata.records import Contents, NotJson, Record, bad

LISTS = ("cases", "tests", "testData", "examples", "data", "rows")
"""What a list of cases may be called in the object (or YAML mapping) that holds it."""
_SPACE = " \t\r\n"


def json_lines(text: str, path: Path) -> Contents:
    """One value a line; empty lines count, but are no cases."""
    decoder = _decoder()
    records = [
        Record(number, _line(decoder, line, path, number), len(line))
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if len(records) == 1 and isinstance(records[0].value, list):
        raise bad(
            path, records[0].line, "this line is a list, not one case", "Name the file .json, or write one case a line."
        )
    return Contents(tuple(records))


def json_document(text: str, path: Path) -> Contents:
    """A list, or an object with one."""
    try:
        return _Document(text).contents()
    except json.JSONDecodeError as error:
        raise _malformed(path, error, error.lineno) from error
    except NotJson as error:
        raise BadRequest(str(error), hint="Write it as a text, or leave it out.", where=str(path)) from error
    except (RecursionError, ValueError) as error:
        raise BadRequest(f"this JSON cannot be read: {_reason(error)}", where=str(path)) from error


class _Document:
    """One pass over a JSON text, element by element, so that the line of each is known."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._decoder = _decoder()

    def contents(self) -> Contents:
        first = self._peek()
        if first == "[":
            found = Contents(tuple(self._elements()))
        elif first == "{":
            found = self._object()
        else:
            raise json.JSONDecodeError("Expecting a list of cases", self._text, self._at)
        if self._peek():
            raise json.JSONDecodeError("Extra data", self._text, self._at)
        return found

    def _object(self) -> Contents:
        """The members; those lists that may be the cases are read element by element."""
        header: dict[str, Any] = {}
        lists: dict[str, tuple[Record, ...]] = {}
        self._take("{")
        more = self._peek() != "}"
        while more:
            self._peek()
            key = self._value()
            if not isinstance(key, str):
                raise json.JSONDecodeError("Expecting property name enclosed in double quotes", self._text, self._at)
            self._peek()
            self._take(":")
            if self._peek() == "[":
                lists[key] = tuple(self._elements())
            else:
                header[key] = self._value()
            more = self._goes_on()
        self._take("}")
        chosen = next((name for name in LISTS if name in lists), None)
        if chosen is None and len(lists) == 1:
            chosen = next(iter(lists))
        records = lists.pop(chosen) if chosen is not None else ()
        header |= {name: [record.value for record in each] for name, each in lists.items()}
        return Contents(records, header)

    def _elements(self) -> Iterator[Record]:
        self._take("[")
        more = self._peek() != "]"
        while more:
            self._peek()
            start, line = self._at, self._line
            value = self._value()
            yield Record(line, value, self._at - start)
            more = self._goes_on()
        self._take("]")

    def _goes_on(self) -> bool:
        """Past a comma."""
        if self._peek() != ",":
            return False
        self._take(",")
        return True

    def _value(self) -> Any:
        try:
            value, end = self._decoder.raw_decode(self._text, self._at)
        except NotJson as error:
            raise NotJson(f"the case on line {self._line}: {error}") from error
        self._move(end)
        return value

    def _peek(self) -> str:
        """The next character that is no space; empty at the end."""
        end = self._at
        while end < len(self._text) and self._text[end] in _SPACE:
            end += 1
        self._move(end)
        return self._text[end : end + 1]

    def _take(self, character: str) -> None:
        if self._text[self._at : self._at + 1] != character:
            raise json.JSONDecodeError(f"Expecting '{character}'", self._text, self._at)
        self._at += 1

    def _move(self, end: int) -> None:
        self._line += self._text.count("\n", self._at, end)
        self._at = end


def _line(decoder: json.JSONDecoder, line: str, path: Path, number: int) -> Any:
    try:
        return decoder.decode(line)
    except json.JSONDecodeError as error:
        raise _malformed(path, error, number) from error
    except NotJson as error:
        raise bad(path, number, str(error), "Write it as a text, or leave it out.") from error
    except (RecursionError, ValueError) as error:
        raise bad(path, number, f"this JSON cannot be read: {_reason(error)}") from error


def _malformed(path: Path, error: json.JSONDecodeError, line: int) -> BadRequest:
    what = f"this is no JSON: {error.msg} (column {error.colno})"
    return bad(path, line, what, "Every line is one object." if path.suffix != ".json" else "")


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=_constant, parse_float=_finite)


def _constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is no value of JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise NotJson(f"{digits} is too large for a number")
    return value
