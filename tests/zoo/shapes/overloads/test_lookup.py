from lookup import first


def test_first():
    assert first([3, 4]) == 3


def test_none():
    assert first([]) is None


def test_default():
    assert first("", default="x") == "x"


def test_false_elements():
    assert first([0, 1], default=7) == 0
