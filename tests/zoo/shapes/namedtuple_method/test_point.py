from point import ORIGIN, Point


def test_shifted():
    assert Point(1, 2).shifted(3, -1) == (4, 1)
    assert Point(1, 2).shifted(3) == (4, 2)


def test_made_at_import():
    assert ORIGIN.shifted(dy=5) == Point(0, 5)


def test_type():
    assert isinstance(ORIGIN.shifted(), Point)
