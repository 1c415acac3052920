import pytest

from price_lookup import basket_total


def test_total():
    assert basket_total([("tea", 2), ("jam", 1)], [("jam", 300), ("tea", 250)]) == 800


def test_first_price_wins():
    assert basket_total([("tea", 1)], [("tea", 1), ("tea", 2)]) == 1


def test_unknown():
    with pytest.raises(KeyError, match="gin"):
        basket_total([("gin", 1)], [("tea", 1)])


def test_empty():
    assert basket_total([], []) == 0


def test_wholesale():
    prices = [(f"sku{i}", i) for i in range(1200)]
    assert basket_total([(f"sku{i}", 2) for i in range(1199, 0, -1)], prices) == 1199 * 1200
