import pytest
from layout import columns


def test_defaults():
    assert columns(["a", "b"]) == "a        b       "


def test_width_by_position():
    assert columns(["a", "b"], 2) == "a  b "


def test_keywords():
    assert columns(["a", "b"], 2, gap=0, align="right") == " a b"


def test_width_is_positional_only():
    with pytest.raises(TypeError):
        columns(["a"], width=3)


def test_gap_is_keyword_only():
    with pytest.raises(TypeError):
        columns(["a"], 3, 2)


def test_keyword_defaults():
    assert columns.__kwdefaults__ == {"gap": 1, "align": "left"}
