import pytest
from singleton import DEFAULT, Settings


def test_default_is_shared():
    assert Settings() is DEFAULT
    assert Settings("default") is DEFAULT


def test_names_are_apart():
    Settings("a").values["x"] = 1
    assert Settings("a").values == {"x": 1}
    assert Settings("b").values == {}


def test_name():
    assert Settings("c").name == "c"


def test_unhashable():
    with pytest.raises(TypeError):
        Settings([])
