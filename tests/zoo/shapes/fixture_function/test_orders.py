"""Orders, with the fixture that makes them."""

import pytest


@pytest.fixture
def order(request):
    """An order of three lines."""
    made = {"id": request.node.name, "lines": [1, 2, 3]}
    yield made
    made["lines"].clear()


def test_lines(order):
    assert sum(order["lines"]) == 6


def test_id(order):
    assert order["id"] == "test_id"


def test_without():
    assert True
