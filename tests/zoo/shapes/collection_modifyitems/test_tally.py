from tally import count, seen


def test_a_last():
    assert count("x") == 3
    assert seen["x"] == 3


def test_b_second():
    assert count("x") == 2


def test_c_first():
    assert count("x") == 1


def test_hidden():
    raise AssertionError("deselected")
