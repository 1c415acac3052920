from prices import count_down


def test_even():
    assert count_down(6, 2) == 3


def test_free():
    assert count_down(0, 2) == 0


def test_odd():
    assert count_down(5, 2) == 3
