"""What every kind of check is, and how a value of the data is put in words. Values and a protocol."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from pydantic import JsonValue

from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.metrics.contract import Answer, Grade


class Item(NamedTuple):
    """One answer, with the check that it is held against."""

    answer: Answer
    check: CheckSpec

    @property
    def row(self) -> Row:
        return self.answer.row

    @property
    def output(self) -> str:
        return self.answer.output

    @property
    def value(self) -> JsonValue:
        """What the answer is compared with."""
        return wanted(self.check, self.row)


class Kind(Protocol):
    """One kind of check, for checks with any value: answers are graded many at a time, whatever each is held against.

    `negate`, `weight` and `threshold` are not its affair.
    """

    def says(self, check: CheckSpec) -> str:
        """What counts as correct: a sentence without a full stop, to be read behind `the answer is correct if`."""
        ...

    def objection(self, check: CheckSpec, row: Row) -> str:
        """Why the row cannot be judged; empty where it can."""
        ...

    def grade(self, items: Sequence[Item]) -> Sequence[Grade]: ...

    def close(self) -> None: ...


class Plain:
    """Kinds that judge one answer at a time, in this process."""

    def objection(self, check: CheckSpec, row: Row) -> str:
        return "" if wanted(check, row) is not None else "it has no expected answer"

    def grade(self, items: Sequence[Item]) -> Sequence[Grade]:
        return [self.judged(item) for item in items]

    def judged(self, item: Item) -> Grade:
        raise NotImplementedError

    def close(self) -> None:
        pass


def wanted(check: CheckSpec, row: Row) -> JsonValue:
    """The check's own value, or else what the row expects."""
    return row.expected if check.value is None else check.value


def text_of(value: JsonValue) -> str:
    """A value as an answer would write it: `16`, `true`, a text as it is, JSON for what has parts."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def options_of(value: JsonValue) -> list[str]:
    """Several texts of which a check speaks; a single value is one of one."""
    return [text_of(each) for each in value] if isinstance(value, list) else [text_of(value)]


def quoted(text: str, most: int = 120) -> str:
    """A text in a sentence: on one line, cut in the middle, in quotes."""
    line = " ".join(text.split())
    if len(line) > most:
        line = f"{line[: most * 2 // 3]} … {line[-most // 3 :]}"
    return f'"{line}"'
