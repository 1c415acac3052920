from formats import dots, pad, zeros


def test_zeros():
    assert zeros("42") == "00042"


def test_dots():
    assert dots("ab") == "ab..."


def test_overridden():
    assert zeros("42", width=3) == "042"


def test_plain():
    assert pad("x", 3) == "  x"
