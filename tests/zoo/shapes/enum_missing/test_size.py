import pytest
from size import Size


def test_exact():
    assert Size("S") is Size.SMALL


def test_lower_case():
    assert Size("l") is Size.LARGE


def test_name():
    assert Size("small") is Size.SMALL


def test_unknown():
    with pytest.raises(ValueError):
        Size("XXL")
