import pytest
from payment_dates import payment_dates


def test_one():
    assert payment_dates("2024-01-10", 1, 1) == ["2024-01-10"]


def test_none():
    assert payment_dates("2024-01-10", 1, 0) == []


def test_over_the_year():
    assert payment_dates("2024-12-10", 1, 2) == ["2024-12-10", "2025-01-10"]


def test_day_30():
    assert payment_dates("2024-01-30", 1, 3) == ["2024-01-30", "2024-02-29", "2024-03-29"]


def test_day_31():
    assert payment_dates("2024-01-31", 1, 4) == ["2024-01-31", "2024-02-29", "2024-03-29", "2024-04-30"]


def test_weekend():
    assert payment_dates("2024-06-01", 1, 1) == ["2024-06-03"]


def test_weekend_and_then():
    assert payment_dates("2024-05-15", 1, 2) == ["2024-05-15", "2024-06-17"]


def test_last_weekend():
    assert payment_dates("2024-06-30", 12, 1) == ["2024-06-28"]


def test_end_of_april():
    assert payment_dates("2024-04-30", 1, 2) == ["2024-04-30", "2024-05-31"]


def test_closed():
    assert payment_dates("2024-07-04", 1, 1, closed=["2024-07-04"]) == ["2024-07-05"]


def test_closed_friday():
    assert payment_dates("2024-07-05", 1, 1, closed=["2024-07-05"]) == ["2024-07-08"]


def test_closed_last_friday():
    assert payment_dates("2024-06-28", 1, 1, closed=["2024-06-28"]) == ["2024-06-27"]


def test_closed_each_year():
    assert payment_dates("2024-12-25", 12, 2, closed=["12-25"]) == ["2024-12-26", "2025-12-26"]


def test_backwards():
    assert payment_dates("2024-03-12", -1, 3) == ["2024-01-12", "2024-02-12", "2024-03-12"]


def test_without_hyphens():
    assert payment_dates("20240110", 1, 1) == ["2024-01-10"]


def test_no_months():
    with pytest.raises(ValueError):
        payment_dates("2024-01-10", 0, 2)
