import pytest
from garden import Bed


@pytest.mark.parametrize(("width", "plants"), [(20, 1), (49, 1), (50, 2), (120, 4), (10, 0)])
def test_row(width, plants):
    assert Bed(width).plants_per_row(30) == plants


def test_margin():
    assert Bed(100, margin=0).plants_per_row(50) == 3


def test_no_room():
    assert Bed(5, margin=20).plants_per_row(30) == 0
