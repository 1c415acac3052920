import pytest
from wrap import wrap


def test_short():
    assert wrap("two rolls", 20) == ["two rolls"]


def test_nothing():
    assert wrap("", 10) == []


def test_filled():
    assert wrap("bread and butter and jam", 10) == ["bread and", "butter and", "jam"]


def test_long_word():
    assert wrap("one extraordinary day", 8) == ["one", "extraor-", "dinary", "day"]


def test_hyphen():
    assert wrap("a well-known baker", 8) == ["a well-", "known", "baker"]


def test_blank_line():
    assert wrap("thank you\n\ncome again", 20) == ["thank you", "", "come again"]


def test_tilde():
    assert wrap("choco~late cake", 8) == ["choco-", "late", "cake"]


def test_tilde_in_the_middle():
    assert wrap("choco~late cake", 16) == ["chocolate cake"]


def test_underscore():
    assert wrap("only 3_pieces left", 8) == ["only", "3 pieces", "left"]


def test_items():
    assert wrap("to do:\n- bake\n- sweep", 20) == ["to do:", "- bake", "- sweep"]


def test_long_items():
    assert wrap("- bake the bread\n- sweep", 10) == ["- bake the", "  bread", "- sweep"]


def test_indented():
    assert wrap("total:\n    12.00   EUR incl. tax\nthanks a lot", 12) == [
        "total:",
        "    12.00   EUR incl. tax",
        "thanks a lot",
    ]


def test_end_of_sentence():
    assert wrap("Closed.  Sorry.  See you", 18) == ["Closed.  Sorry.", "See you"]


def test_run_of_spaces():
    assert wrap("a   b  c", 18) == ["a b c"]


def test_many_blank_lines():
    assert wrap("\n\nfirst\n\n\n\nsecond\n", 10) == ["first", "", "second"]


def test_leading_hyphen():
    assert wrap("minus -12 degrees", 8) == ["minus", "-12", "degrees"]


def test_too_narrow():
    with pytest.raises(ValueError):
        wrap("a b", 3)
