from dialog import AFTER, wrap


def test_one_line():
    assert wrap("a b") == "<a b>"


def test_two_lines():
    assert wrap("hello there", 6) == "<hello\nthere>"


def test_fits_exactly():
    assert wrap("ab cd", 5) == "<ab cd>"


def test_after():
    assert AFTER == "unchanged"
