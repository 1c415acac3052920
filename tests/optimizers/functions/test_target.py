"""Taking apart what a person calls a function."""

from __future__ import annotations

from pathlib import Path

import pytest

from secant.errors import BadRequest
from secant.functions.target import Target, dotted_name, parse_target


@pytest.mark.parametrize(
    ("text", "path", "name", "line"),
    [
        ("src/shop/basket.py::Basket.total", "src/shop/basket.py", "Basket.total", None),
        ("basket.py::total", "basket.py", "total", None),
        ("basket.py:12", "basket.py", None, 12),
        ("basket.py:12:5", "basket.py", None, 12),
        ("basket.py::outer.<locals>.inner", "basket.py", "outer.inner", None),
        ("basket.py::outer.inner", "basket.py", "outer.inner", None),
        ("basket.py::Basket.total.setter", "basket.py", "Basket.total.setter", None),
        ("basket.py::Basket::total", "basket.py", "Basket.total", None),
        ("basket.py::größe", "basket.py", "größe", None),
        (r"C:\shop\basket.py::total", r"C:\shop\basket.py", "total", None),
        (r"C:\shop\basket.py:7", r"C:\shop\basket.py", None, 7),
        ("C:/shop/basket.py:7:1", "C:/shop/basket.py", None, 7),
        ("odd:name/basket.py:3", "odd:name/basket.py", None, 3),
        ("  basket.py:3 ", "basket.py", None, 3),
    ],
)
def test_parses(text: str, path: str, name: str | None, line: int | None) -> None:
    assert parse_target(text) == Target(path=Path(path), name=name, line=line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no function"),
        ("basket.py", "names no function"),
        (r"C:\shop\basket.py", "names no function"),
        ("C:7", "names no function"),
        ("basket.py:", "names no function"),
        ("basket.py::", "names no function after"),
        ("::total", "names no file"),
        ("basket.py:0", "lines count from 1"),
        ("basket.py::Basket.to tal", "not a Python name"),
        ("basket.py::Basket..total", "not a Python name"),
        ("basket.py::<lambda>", "not a Python name"),
    ],
)
def test_refuses_with_the_forms_that_work(text: str, message: str) -> None:
    with pytest.raises(BadRequest, match=message) as caught:
        parse_target(text)
    assert "path.py::Class.method" in caught.value.hint


@pytest.mark.parametrize("text", ["shop/basket.py::Basket.total", "shop/basket.py:12"])
def test_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_target(text)) == text


def test_dotted_name_leaves_locals_out() -> None:
    assert dotted_name("Outer.method.<locals>.Inner.run") == "Outer.method.Inner.run"
