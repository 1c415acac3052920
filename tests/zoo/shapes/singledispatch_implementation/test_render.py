from render import render


def test_list():
    assert render([1, 2]) == "[1; 2]"


def test_nested():
    assert render([True, [3]]) == "[yes; [3]]"


def test_default():
    assert render(4) == "4"


def test_empty():
    assert render([]) == "[]"
