import pytest

from stair_ways import count_ways


@pytest.mark.parametrize(("n", "ways"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 7), (5, 13)])
def test_small_stairs(n, ways):
    assert count_ways(n) == ways


def test_other_steps():
    assert count_ways(4, (2,)) == 1
    assert count_ways(5, (2,)) == 0
    assert count_ways(10, steps=(1, 5)) == 8


def test_a_tall_flight():
    assert count_ways(19) == 66012
