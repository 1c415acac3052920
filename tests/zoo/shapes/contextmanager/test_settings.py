import pytest
from settings import VALUES, override, painted


def test_inside():
    with override(colour="red", size=3) as values:
        assert values == {"colour": "red", "size": 3}


def test_restored():
    with override(size=1):
        pass
    assert VALUES == {"colour": "blue"}


def test_restored_after_an_error():
    with pytest.raises(KeyError), override(colour="red"):
        raise KeyError
    assert VALUES["colour"] == "blue"


def test_decorator_at_import():
    assert painted() == "green"
    assert painted() == "green"
    assert VALUES["colour"] == "blue"
