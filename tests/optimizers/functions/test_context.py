"""A function's surroundings for a model: what is in, in which order, and what is said to be left out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from secant.config import OptimizeRequest
from secant.functions.context import context
from secant.functions.preparation import Subject, find_subject

SHOP = """\
from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from prices import RATES, net
from elsewhere import unknown

LIMIT = 10
UNUSED = 11


class Colour(Enum):
    RED = 1


@dataclass
class Item:
    price: int
    colour: Colour


class Plain:
    \"\"\"Holds things.\"\"\"

    size: int

    def put(self, thing: int) -> None:
        self.things.append(thing)


def doubled(n):
    return 2 * n


def long(n: int, *, by: int = 2) -> int:
    \"\"\"Goes far.\"\"\"
LONG_BODY
    return n


def unrelated():
    return Basket([]).total(1)


class Basket:
    \"\"\"What a customer holds.\"\"\"

    currency = "EUR"
    weight = 3

    def __init__(self, items, owner=None):
        self.items = items
        self.owner = owner

    def total(self, extra: "Plain", first: Item, colour: Colour = Colour.RED):
        if self._empty() and self.currency:
            return math.floor(LIMIT)
        return sum(doubled(long(net(i))) for i in self.items)

    def _empty(self):
        return not self.items

    def other(self):
        return self.total(None, None)
""".replace("LONG_BODY", "\n".join(f"    n += {number}" for number in range(30)))
PRICES = """\
RATES = {"a": 1}

def net(price):
    return price * 0.8

def gross(price):
    return price
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "prices.py").write_text(PRICES)
    (tmp_path / "till.py").write_text("from shop import Basket\nprint(Basket([1]).total(2, 3))\n")
    (tmp_path / "test_shop.py").write_text("from shop import Basket\ndef test():\n    Basket([]).total(9, 9)\n")
    return tmp_path


def subject(folder: Path, target: str = "shop.py::Basket.total", **buffers: str) -> Subject:
    texts = {str(folder / f"{name}.py"): text for name, text in buffers.items()}
    return find_subject(OptimizeRequest(target=target, folder=folder, buffers=texts), os.environ)


def test_the_surroundings_of_a_method(project: Path) -> None:
    text = context(subject(project), 5000)
    heads = [line for line in text.split("\n") if line.startswith("# ")]
    assert heads == [
        "# Its class",
        "# A method that it uses, of Basket",
        "# A type that it uses",
        "# A type that it uses",
        "# A type that it uses",
        "# A function that it uses",
        "# A function that it uses",
        "# A value of the module",
        "# Imported in the module",
        "# From prices.py",
        "# How it is called",
        f"# {_line('Basket([])')}: return Basket([]).total(1)",
        f"# {_line('total(None')}: return self.total(None, None)",
        "# till.py: print(Basket([1]).total(2, 3))",
    ]
    for there in (
        'class Basket:\n    """What a customer holds."""\n    currency = "EUR"\n',
        "    def __init__(self, items, owner=None):\n        self.items = items",
        "def _empty(self):\n    return not self.items",
        "class Colour(Enum):\n    RED = 1",
        "@dataclass\nclass Item:\n    price: int\n    colour: Colour",
        'class Plain:\n    """Holds things."""\n    size: int\n    def put(self, thing: int) -> None: ...',
        "def doubled(n):\n    return 2 * n",
        'def long(n: int, *, by: int=2) -> int: ...\n    """Goes far."""',
        "LIMIT = 10",
        "import math",
        "def net(price):\n    return price * 0.8",
    ):
        assert there in text
    for absent in ("UNUSED", "unrelated():", "gross", "weight", "n += 7", "test_shop", "def total", "import Enum"):
        assert absent not in text


def test_the_budget_is_kept_and_what_is_left_out_is_named(project: Path) -> None:
    whole = context(subject(project), 5000)
    short = context(subject(project), 100)
    assert len(short) < 400 + 250
    assert short.startswith("# Its class")
    assert "# Left out for want of room: " in short
    assert "Item" in short.rpartition("# Left out")[2]
    assert "Left out" not in whole
    assert context(subject(project)) == context(subject(project))


def test_unsaved_texts_are_read_and_broken_neighbours_are_not(project: Path) -> None:
    text = context(subject(project, shop=SHOP.replace("2 * n", "3 * n"), prices=PRICES.replace("0.8", "0.7")), 5000)
    assert "return 3 * n" in text
    assert "price * 0.7" in text
    assert "From prices.py" not in context(subject(project, prices="def net(:\n"), 5000)


def test_a_function_of_its_own_and_a_nested_one(project: Path) -> None:
    assert context(subject(project, "shop.py::doubled"), 5000) == (
        "# How it is called\n# 98: return sum(doubled(long(net(i))) for i in self.items)".replace("98", _line("sum("))
    )
    (project / "alone.py").write_text("def outer():\n    def inner(n):\n        return n\n    return inner\n")
    assert context(subject(project, "alone.py::outer.inner")) == ""


def _line(part: str) -> str:
    return str(next(number for number, line in enumerate(SHOP.split("\n"), 1) if part in line))
