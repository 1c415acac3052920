"""How an error reads, and with what the program leaves."""

from __future__ import annotations

import pytest

from secant import errors
from secant.errors import BadRequest, FileChanged, SecantError


def test_reads_where_then_what_then_what_to_do() -> None:
    error = SecantError("there is no function totl", hint="Did you mean total?", where="shop.py")
    assert str(error) == "shop.py: there is no function totl\nDid you mean total?"


def test_reads_well_without_place_and_advice() -> None:
    assert str(SecantError("out of luck")) == "out of luck"


@pytest.mark.parametrize(
    "name",
    [
        "UnreadableFile",
        "SourceSyntaxError",
        "TargetNotFound",
        "NotOptimizable",
        "ConfigError",
        "InterpreterError",
        "NoTestsFound",
        "CollectionError",
    ],
)
def test_a_bad_request_leaves_with_two(name: str) -> None:
    kind = getattr(errors, name)
    assert issubclass(kind, BadRequest)
    assert kind.exit_code == 2


def test_a_failure_leaves_with_one() -> None:
    assert SecantError.exit_code == FileChanged.exit_code == 1
