import pytest
from colour import Colour, Paint


def test_parse():
    assert Colour.parse("#ff8000").rgb == (255, 128, 0)


def test_subclass_is_kept():
    assert type(Paint.parse("#000000")) is Paint


def test_through_an_instance():
    assert Colour(1, 2, 3).parse("#010203").rgb == (1, 2, 3)


def test_too_short():
    with pytest.raises(ValueError):
        Colour.parse("#fff")
