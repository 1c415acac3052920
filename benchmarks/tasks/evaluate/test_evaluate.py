import pytest
from evaluate import evaluate


def test_sum():
    assert evaluate("1 + 2 - 4") == -1


def test_from_left_to_right():
    assert evaluate("20 / 2 / 5") == 2


def test_product_in_a_sum():
    assert evaluate("2 + 3 * 4") == 14


def test_parentheses():
    assert evaluate("(2 + 3) * (4 - 1)") == 15


def test_leading_minus():
    assert evaluate("-3 + 5") == 2


def test_two_signs():
    assert evaluate("2 - -3") == 5


def test_quotient_below_zero():
    assert evaluate("-7 / 2") == -3


def test_caret():
    assert evaluate("2 ^ 3 ^ 2") == 512


def test_minus_before_caret():
    assert evaluate("-2 ^ 2") == -4


def test_remainder():
    assert evaluate("-7 % 3") == -1


def test_spelling_of_numbers():
    assert evaluate("1_000 + 1") == 1001


def test_by_zero():
    assert evaluate("1 + 3 / (2 - 2)") is None


def test_beside_a_parenthesis():
    assert evaluate("12 / 2(3)") == 2


def test_minus_beside_a_parenthesis():
    assert evaluate("-(2)(3) + 1") == -5


def test_exclamation_mark():
    assert evaluate("2 ^ 3!") == 64


def test_equals():
    assert evaluate("1 + 1 = 2") == 1


def test_blank():
    assert evaluate("  ") == 0


def test_unfinished():
    with pytest.raises(ValueError):
        evaluate("2 *")


def test_side_by_side():
    with pytest.raises(ValueError):
        evaluate("1 2")
