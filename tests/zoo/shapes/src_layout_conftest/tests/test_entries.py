import pytest
from ledger.entries import balance


def test_balance():
    assert balance([("credit", 500), ("debit", 120)]) == 380


def test_empty():
    assert balance([]) == 0


def test_unknown_kind():
    with pytest.raises(ValueError, match="gift"):
        balance([("gift", 1)])
