from fractions import Fraction

import pytest
from to_roman import to_roman


def test_one():
    assert to_roman(1) == "I"


def test_seven_hundred():
    assert to_roman(738) == "DCCXXXVIII"


def test_twenty_four():
    assert to_roman(24) == "XXIV"


def test_four_with_a_part():
    assert to_roman(4.5) == "IIIIS"


def test_four_below_zero():
    assert to_roman(-4) == "-IIII"


def test_ninety_nine():
    assert to_roman(99) == "IC"


def test_four_hundred_ninety_nine():
    assert to_roman(499) == "ID"


def test_inside_a_number():
    assert to_roman(1149) == "MCIL"


def test_not_shortened():
    assert to_roman(48) == "XLVIII"


def test_nine_hundred():
    assert to_roman(945) == "CMXLV"


def test_third():
    assert to_roman(10 + 1 / 3) == "X::"


def test_eleven_twelfths():
    assert to_roman(Fraction(11, 12)) == "S::."


def test_twelfth():
    assert to_roman(Fraction(1, 12)) == "."


def test_whole_float():
    assert to_roman(3.0) == "III"


def test_negative_half():
    assert to_roman(-0.5) == "-S"


def test_four_thousand():
    assert to_roman(4000) == "(IV)"


def test_millions():
    assert to_roman(5_000_003) == "((V))III"


def test_medieval_without_a_final_stroke():
    assert to_roman(5, medieval=True) == "V"


def test_medieval_four():
    assert to_roman(4, medieval=True) == "IIIJ"


def test_medieval_half():
    assert to_roman(2.5, medieval=True) == "IJS"


def test_truth():
    with pytest.raises(TypeError):
        to_roman(True)
