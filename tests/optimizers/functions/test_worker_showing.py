"""Values in words: bounded, in an order of their own, and with no code of the user's run for it."""

from __future__ import annotations

import enum
import os
import subprocess
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from pathlib import Path
from typing import Any

import pytest

from secant.functions.worker.showing import shown, variables


class Colour(enum.Enum):
    RED = 1


class Basket:
    def __init__(self) -> None:
        self.items = [1, 2]
        self.owner = "ann"

    def __repr__(self) -> str:
        raise AssertionError("nobody may ask")


class Sneaky(list[int]):
    def __iter__(self) -> Any:
        raise AssertionError("nobody may ask")

    def __len__(self) -> int:
        raise AssertionError("nobody may ask")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (1.5, "1.5"),
        ("it's", '"it\'s"'),
        ([1, (2,), {"a": {3}}], "[1, (2,), {'a': {3}}]"),
        ((), "()"),
        (set(), "set()"),
        (frozenset("ba"), "frozenset({'a', 'b'})"),
        (deque([1]), "deque([1])"),
        (Counter("aab"), "Counter({'a': 2, 'b': 1})"),
        (OrderedDict(a=1), "OrderedDict({'a': 1})"),
        (defaultdict(list, a=[1]), "defaultdict({'a': [1]})"),
        (Colour.RED, "Colour.RED"),
        (Basket(), "Basket(items=[1, 2], owner='ann')"),
        (Sneaky([1, 2]), "Sneaky([1, 2])"),
        (Basket, "<class Basket>"),
        (object(), "<object>"),
        (ValueError("no", 3), "ValueError('no', 3)"),
        (1 << 4000, "<int of 4001 bits>"),
        (list(range(14)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ... 2 more]"),
    ],
)
def test_a_value_in_words(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_value_that_holds_itself_and_one_that_is_large_have_an_end() -> None:
    ring: list[Any] = []
    ring.append(ring)
    assert shown(ring) == "[[[[...]]]]"
    assert len(shown("x" * 10_000_000)) < 250
    assert len(shown([["x" * 100] * 50] * 50)) < 250


def test_variables_that_hold_no_data_and_those_that_pytest_made_are_left_out() -> None:
    held = {"n": 3, "os": os, "f": shown, "@py_assert1": 1, "Basket": Basket, "b": [1]}
    assert variables(held) == "n=3, b=[1]"
    assert variables({f"v{i}": i for i in range(14)}).endswith("v11=11, 2 more")


def test_sets_are_shown_alike_under_every_hash_seed() -> None:
    command = "from secant.functions.worker.showing import shown; print(shown(set('abcdefghijklmnop')))"
    folder = str(Path(__file__).parents[3] / "optimizers")
    seen = {
        subprocess.run(
            [sys.executable, "-c", command],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": folder},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(seen) == 1
