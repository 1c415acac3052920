from .. import stock
from ..stock.levels import reorder


def test_short():
    assert reorder({"nail": 10, "screw": 90}, 24) == {"nail": 2}


def test_enough():
    assert reorder({"nail": 24}, 24) == {}


def test_through_the_package():
    assert stock.levels.reorder({"nail": 0}, 1) == {"nail": 1}
