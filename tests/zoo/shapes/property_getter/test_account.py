import pytest
from account import Account


def test_starts_empty():
    assert Account().balance == 0


def test_entries_add_up():
    account = Account(100)
    account.book(-30)
    account.book(5)
    assert account.balance == 75


def test_setter_still_there():
    account = Account(100)
    account.balance = 7
    assert account.balance == 7
    with pytest.raises(ValueError):
        account.balance = -1


def test_documented():
    assert Account.balance.__doc__ == "Cents."
