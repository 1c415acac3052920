"""Checks that name the fields of a case in their value."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.metrics.templated import filled, plain

ROW = Row(id="1", path="data.yaml", line=3, fields={"city": "Rome", "n": 3}, expected="It is {{city}}")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("{{expected}}", "It is {{city}}"),
        ("in {{city}}, {{ n }} times", "in Rome, 3 times"),
        (["{{city}}", "fixed", 4], ["Rome", "fixed", 4]),
        ("{{country}}", "{{country}}"),
        ("no template", "no template"),
        (7, 7),
    ],
)
def test_a_value_is_filled_once(value: JsonValue, wanted: JsonValue) -> None:
    """What is filled in is not read again."""
    assert filled(CheckSpec(kind="contains", value=value), ROW).value == wanted


def test_the_expected_answer_is_spoken_of_as_such() -> None:
    assert plain(CheckSpec(kind="exact", value=" {{ expected }} ")).value is None
    assert plain(CheckSpec(kind="exact", value="{{city}}")).value == "{{city}}"
