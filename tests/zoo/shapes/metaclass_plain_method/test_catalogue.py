from catalogue import Colours


def test_prefix():
    assert Colours.find("r") == ["red", "rose"]


def test_everything_public():
    assert Colours.find("") == ["blue", "red", "rose"]


def test_nothing():
    assert Colours.find("x") == []
