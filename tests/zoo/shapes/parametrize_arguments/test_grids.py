import pytest
from grids import neighbours


@pytest.mark.parametrize("cell", neighbours((1, 1)))
def test_mutual(cell):
    assert (1, 1) in neighbours(cell)


@pytest.mark.parametrize("cell", neighbours((0, 0)), ids=str)
def test_of_the_corner(cell):
    assert len(neighbours(cell)) == 3


def test_corner():
    assert sorted(neighbours((0, 0))) == [(0, 1), (1, 0)]
