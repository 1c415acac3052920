"""Which fields of a record mean what: the expected answer, the id, the split, the recorded answer, and what goes in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, cast

from pydantic import JsonValue

from secant.types import Split

EXPECTED = ("expected", "target", "answer", "output", "label", "ideal", "reference", "answerKey", "__expected")
"""The expected answer is the first of these that a file has, the same for all of its rows."""
MAIN = ("input", "question", "problem", "prompt", "text", "query", "message", "instruction")
"""What is asked, in data for prompts that name no field."""
NESTED = ("vars", "input", "inputs")
RECORDED = ("recorded", "response")
VERDICT = ("verdict", "human", "judged")
"""What a person said of the recorded answer, in rows that have one."""
CHECKS = ("checks", "assert")
_ASIDE = frozenset({*EXPECTED, "solution", "rationale", "explanation", "reasoning", "chain_of_thought"})
_SPLITS: Mapping[str, Split] = {
    **dict.fromkeys(("fit", "train", "training"), "fit"),
    **dict.fromkeys(("select", "eval", "dev", "val", "valid", "validation"), "select"),
    **dict.fromkeys(("report", "test", "testing", "holdout", "held-out", "heldout"), "report"),
}
_VERDICTS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "pass", "right", "correct", "yes", "1", "1.0"), True),
    **dict.fromkeys(("false", "fail", "wrong", "incorrect", "no", "0", "0.0"), False),
}
SPLIT_NAMES = tuple(_SPLITS)


class Shape(NamedTuple):
    """How the records of one file are written."""

    expected: str | None
    """The field of the expected answer."""
    ids: bool
    """The field `id` tells the rows apart."""


def shape(records: Sequence[Mapping[str, Any]]) -> Shape:
    """The first name that every record has, or else that any has."""
    names = [name for name in EXPECTED if any(name in record for record in records)]
    full = next((name for name in names if all(name in record for record in records)), None)
    given = [str(record["id"]) for record in records if record.get("id") not in (None, "")]
    return Shape(
        expected=full or next(iter(names), None), ids=len(given) == len(records) and len(set(given)) == len(given)
    )


def split_named(value: object) -> Split | None:
    """fit for `train`, select for `dev`, report for `test`; None for what is no split."""
    return _SPLITS.get(value.strip().lower()) if isinstance(value, str) else None


def verdict_of(record: Mapping[str, Any]) -> tuple[str, bool] | None:
    """The field with a person's verdict on the recorded answer, and the verdict."""
    if not any(record.get(name) is not None for name in RECORDED):
        return None
    for name in VERDICT:
        value = _VERDICTS.get(str(record[name]).strip().lower()) if name in record else None
        if value is not None:
            return name, value
    return None


def nested(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The fields, where the record keeps them in a mapping of their own."""
    for name in NESTED:
        if isinstance(record.get(name), dict):
            return cast("Mapping[str, Any]", record[name])
    return None


def main_input(fields: Mapping[str, JsonValue], names: Collection[str] = ()) -> Mapping[str, JsonValue]:
    """What a prompt sees of a row: the fields that it names (`names`), or else what is asked, without what may give
    the answer away (GSM8K's `solution` stands beside its `input`).
    """
    if named := {name: value for name, value in fields.items() if name in names}:
        return named
    main = next((name for name in MAIN if name in fields), None)
    if main is None:
        return {name: value for name, value in fields.items() if name not in _ASIDE} or fields
    return {name: fields[name] for name in (main, "choices", "context") if name in fields}
