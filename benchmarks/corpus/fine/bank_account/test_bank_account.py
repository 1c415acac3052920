import pytest

from bank_account import Account


def test_deposit():
    account = Account(5)
    account.deposit(10)
    account.deposit(1)
    assert account.balance == 16


def test_negative():
    account = Account()
    with pytest.raises(ValueError, match="-3"):
        account.deposit(-3)
    assert account.balance == 0
