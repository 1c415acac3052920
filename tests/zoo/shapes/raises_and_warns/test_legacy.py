import pytest
from legacy import area


def test_silent(recwarn):
    assert area(2, 3) == 6
    assert len(recwarn) == 0


def test_deprecated():
    with pytest.deprecated_call():
        assert area(1, square=3) == 9


def test_warns():
    with pytest.warns(UserWarning, match="a square") as caught:
        assert area(4) == 16
    assert caught[0].filename == __file__


def test_raises():
    with pytest.raises(ValueError, match=r"negative side: -2$"):
        area(-2, 1)
