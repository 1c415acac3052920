import pytest
from money import Money


def test_adds():
    assert Money(150) + Money(50) == Money(200)


def test_currency_is_kept():
    assert (Money(1, "CHF") + Money(1, "CHF")).currency == "CHF"


def test_currencies_do_not_mix():
    with pytest.raises(ValueError):
        Money(1) + Money(1, "CHF")


def test_other_types():
    with pytest.raises(TypeError):
        Money(1) + 1


def test_order():
    assert sorted([Money(3), Money(1) + Money(1)])[0].cents == 2
