import pytest
from transaction import Transaction


def test_commits():
    data = {"a": 1}
    with Transaction(data) as rows:
        rows["b"] = 2
    assert data == {"a": 1, "b": 2}


def test_rolls_back_and_raises():
    data = {"a": 1}
    with pytest.raises(ValueError), Transaction(data) as rows:
        rows.update(a=9, b=1)
        raise ValueError
    assert data == {"a": 1}


def test_look_up_errors_are_swallowed():
    data = {"a": 1}
    with Transaction(data) as rows:
        del rows["a"]
        rows["b"]
    assert data == {"a": 1}
