"""What a module's text tells about the surroundings of a function."""

from __future__ import annotations

from pathlib import Path

from secant.functions.locate import locate
from secant.functions.surroundings import facts
from secant.functions.target import parse_target
from secant.functions.textfile import text_file
from secant.rewriting.facts import Facts

SHOP = """\
from __future__ import annotations
import re, os.path
import numpy as np
import xml.dom as dom
from collections import deque as queue, Counter
from . import rates
from .rates import vat as tax
from ..base import *
from shop.money import Money

__all__ = ["total"]
LIMIT: int = 5
LATER: int
A, (B, *C) = 1, (2, 3)
A += 1
for step in range(3):
    seen = step

try:
    import pandas
except ImportError:
    pandas = None
else:
    def framed(df, /, *rows, key=None, **rest):
        local = 1


def total(items, tax): return 1


class Basket:
    limit = 3
    name: str
    __slots__ = ("_items",)

    def __init__(self):
        self._items = []
        self.first, self.last = 1, 2

    def total(this):
        def each():
            return this.width + other.height
        return this.count() + each()

    def count(self): return self._items

    @staticmethod
    def none(): return 1

    class Line:
        def price(self):
            return self.amount


def last(): return Basket()
"""


def facts_of(name: str) -> Facts:
    file = text_file(Path("shop.py"), SHOP.encode())
    located = locate(file, parse_target(f"shop.py::{name}"))
    return facts(file, located, python=(3, 9), own_modules={"shop"})


def test_the_module() -> None:
    found = facts_of("total")
    assert found.module_functions == {"framed": ("df", "rows", "key", "rest"), "total": ("items", "tax"), "last": ()}
    assert found.module_classes == ("Basket",)
    assert found.module_values == ("LIMIT", "A", "B", "C", "step", "seen", "pandas")
    assert found.python == (3, 9)


def test_imports_by_local_name() -> None:
    assert facts_of("total").imports == {
        "re": "re",
        "os": "os",
        "np": "numpy",
        "dom": "xml.dom",
        "queue": "collections.deque",
        "Counter": "collections.Counter",
        "rates": ".rates",
        "tax": ".rates.vat",
        "Money": "shop.money.Money",
        "pandas": "pandas",
    }


def test_third_party_is_neither_standard_nor_the_projects_own() -> None:
    assert facts_of("total").installed == ("numpy", "pandas")


def test_a_function_of_the_module_has_no_class() -> None:
    found = facts_of("last")
    assert (found.class_name, found.class_methods, found.instance_attributes) == (None, (), ())


def test_the_class_of_a_method() -> None:
    found = facts_of("Basket.total")
    assert found.class_name == "Basket"
    assert found.class_methods == ("__init__", "total", "count", "none")
    assert found.instance_attributes == ("limit", "name", "_items", "first", "last", "width")


def test_a_function_inside_a_method_sees_the_class() -> None:
    assert facts_of("Basket.total.each").class_name == "Basket"


def test_an_inner_class_is_its_own() -> None:
    found = facts_of("Basket.Line.price")
    assert (found.class_name, found.instance_attributes) == ("Line", ("amount",))
