import bank
import pytest


def test_1_first():
    assert bank.deposit(100) == 100


def test_2_second():
    assert bank.deposit(50) == 150


def test_3_refused():
    with pytest.raises(ValueError):
        bank.deposit(0)
    assert bank.balance == 150


def test_4_history():
    assert bank.history == [100, 150]
