import pytest
from rounding import to_cents


def test_plain():
    assert to_cents(1.25) == 125


@pytest.mark.xfail(reason="rounds half to even")
def test_half_cent():
    assert to_cents(0.125) == 13


@pytest.mark.xfail(reason="rounds half to even", strict=True)
def test_half_cent_strict():
    assert to_cents(0.625) == 63


@pytest.mark.xfail(raises=NotImplementedError)
def test_negative():
    assert to_cents(-1) == -100


@pytest.mark.xfail(False, reason="condition is false")
def test_condition():
    assert to_cents(0) == 0


def test_imperative():
    if to_cents(0.005) != 1:
        pytest.xfail("known")
