"""Questions with choices as data sets write them: a list of texts, or labels with texts, and an index as the answer."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any, cast

from pydantic import JsonValue


def choice_text(value: Any) -> str | None:
    """`(A) first`, one choice a line; None for what is no list of choices."""
    if isinstance(value, dict):  # as ARC has them
        fields = cast("Mapping[str, Any]", value)
        labels, texts = _texts(fields.get("label")), _texts(fields.get("text"))
        if labels and texts and len(labels) == len(texts):
            return "\n".join(f"({label}) {text}" for label, text in zip(labels, texts, strict=True))
        return None
    texts = _texts(value)
    if not 2 <= len(texts) <= len(ascii_uppercase):
        return None
    return "\n".join(f"({letter}) {text}" for letter, text in zip(ascii_uppercase, texts, strict=False))


def letter_of(expected: JsonValue, choices: Any) -> JsonValue:
    """`(C)` for the index 2 of a list of choices, and for the text of the third one; else what was given."""
    if not isinstance(choices, list):
        return expected
    texts = cast("list[Any]", choices)
    if isinstance(expected, int) and not isinstance(expected, bool) and 0 <= expected < len(texts):
        return f"({ascii_uppercase[expected]})"
    if isinstance(expected, str) and texts.count(expected) == 1 and len(expected.strip("() .")) > 1:
        return f"({ascii_uppercase[texts.index(expected)]})"
    return expected


def _texts(value: Any) -> list[str]:
    """A list of scalars as texts; empty for all else."""
    values = cast("list[Any]", value) if isinstance(value, list) else []
    return [str(each) for each in values] if all(isinstance(each, str | int | float) for each in values) else []
