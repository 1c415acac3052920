import pytest
from evaluate import evaluate


def test_long_sum():
    assert evaluate("10 - 2 - 3 + 4") == 9


def test_product_and_quotient():
    assert evaluate("2 * 9 / 4 * 2 - 1") == 7


def test_nested():
    assert evaluate("2 * (3 + (4 - 1) * 2)") == 18


def test_signs():
    assert evaluate("- - 4 - + 1") == 3


def test_sign_in_a_product():
    assert evaluate("3 * -2") == -6


def test_truncated():
    assert evaluate("7 / -2") == -3


def test_power_in_a_product():
    assert evaluate("2 * 3 ^ 2") == 18


def test_negative_base():
    assert evaluate("(-2) ^ 2") == 4


def test_remainder_of_positive():
    assert evaluate("7 % -3") == 1


def test_remainder_by_zero():
    assert evaluate("5 % 0 + 2") is None


def test_implicit_product_of_parentheses():
    assert evaluate("24 / (2)(3)") == 4


def test_implicit_product_and_power():
    assert evaluate("2(3) ^ 2") == 18


def test_factorial_of_parentheses():
    assert evaluate("(1 + 2)! - 1") == 5


def test_factorial_base():
    assert evaluate("3! ^ 2") == 36


def test_less():
    assert evaluate("2 * 3 < 5") == 0


def test_greater():
    assert evaluate("7 > 2 + 4") == 1


def test_empty():
    assert evaluate("") == 0


@pytest.mark.parametrize("text", ["(1", "1)", "+", "3 $ 4"])
def test_malformed(text):
    with pytest.raises(ValueError):
        evaluate(text)
