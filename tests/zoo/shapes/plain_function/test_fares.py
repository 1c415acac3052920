import fares
import pytest


def test_one_zone():
    assert fares.fare(1) == 250


def test_three_zones():
    assert fares.fare(3) == 490


def test_child_pays_half():
    assert fares.fare(3, child=True) == 245


def test_no_zone():
    with pytest.raises(ValueError, match="at least one"):
        fares.fare(0)
