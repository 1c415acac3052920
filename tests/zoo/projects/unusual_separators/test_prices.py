from prices import AFTER, total


def test_total():
    assert total([1, 2]) == 3


def test_after():
    assert AFTER == "\u2028"
