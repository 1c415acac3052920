from pipeline import BY_NAME, STEPS, clean


def test_clean():
    assert clean("<b>two</b>   words") == "two words"


def test_by_name():
    assert BY_NAME["tags"]("a<br>b") == "ab"


def test_by_position():
    assert STEPS[0]("<i>x") == "x"


def test_spaces():
    assert BY_NAME["spaces"](" a  b ") == "a b"
