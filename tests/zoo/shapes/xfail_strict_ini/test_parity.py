import pytest
from parity import is_even


def test_even():
    assert is_even(4)


def test_odd():
    assert not is_even(-3)


@pytest.mark.xfail(reason="floats are not supported")
def test_float():
    assert is_even(4.0) is True
