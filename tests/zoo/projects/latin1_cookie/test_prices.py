from prices import NAMES, total


def test_total():
    assert total([1, 2]) == "\xa33"


def test_names():
    assert NAMES[1] == "caf\xe9"
