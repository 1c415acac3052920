import pytest
from to_roman import to_roman


def test_three():
    assert to_roman(3) == "III"


def test_sixteen():
    assert to_roman(16) == "XVI"


def test_two_thousand():
    assert to_roman(2026) == "MMXXVI"


def test_nine():
    assert to_roman(9) == "IX"


def test_fourteen():
    assert to_roman(14) == "XIV"


def test_four():
    assert to_roman(4) == "IIII"


def test_ninety():
    assert to_roman(1490) == "MCDXC"


def test_forty_nine():
    assert to_roman(49) == "IL"


def test_nine_hundred_ninety_nine():
    assert to_roman(1999) == "MIM"


def test_zero():
    assert to_roman(0) == "N"


def test_below_zero():
    assert to_roman(-12) == "-XII"


def test_half():
    assert to_roman(2.5) == "IIS"


def test_quarter():
    assert to_roman(1.25) == "I:."


def test_three_quarters():
    assert to_roman(0.75) == "S:."


def test_thousands():
    assert to_roman(5020) == "(V)XX"


def test_medieval():
    assert to_roman(13, medieval=True) == "XIIJ"


def test_no_twelfth():
    with pytest.raises(ValueError):
        to_roman(1.3)


def test_text():
    with pytest.raises(TypeError):
        to_roman("12")
