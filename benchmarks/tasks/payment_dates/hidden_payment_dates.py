import pytest
from payment_dates import payment_dates


def test_quarterly():
    assert payment_dates("2024-02-06", 3, 3) == ["2024-02-06", "2024-05-06", "2024-08-06"]


def test_many_years():
    assert payment_dates("2023-01-10", 30, 2) == ["2023-01-10", "2025-07-10"]


def test_day_is_not_lost():
    assert payment_dates("2023-01-31", 1, 3) == ["2023-01-31", "2023-02-28", "2023-03-31"]


def test_day_30_after_february():
    assert payment_dates("2024-01-30", 2, 3) == ["2024-01-30", "2024-03-29", "2024-05-30"]


def test_end_of_february():
    assert payment_dates("2023-02-28", 1, 3) == ["2023-02-28", "2023-03-31", "2023-04-28"]


def test_day_29_of_a_leap_year_is_an_end():
    assert payment_dates("2024-02-29", 12, 2) == ["2024-02-29", "2025-02-28"]


def test_day_28_of_a_leap_year_is_none():
    assert payment_dates("2024-02-28", 1, 2) == ["2024-02-28", "2024-03-28"]


def test_saturday_and_sunday():
    assert payment_dates("2024-09-07", 1, 2) == ["2024-09-09", "2024-10-07"]


def test_weekend_keeps_the_day():
    assert payment_dates("2024-06-01", 1, 2) == ["2024-06-03", "2024-07-01"]


def test_last_saturday():
    assert payment_dates("2024-08-31", 1, 2) == ["2024-08-30", "2024-09-30"]


def test_closed_in_a_row():
    assert payment_dates("2024-12-24", 1, 1, closed=["12-24", "12-25", "2024-12-26"]) == ["2024-12-27"]


def test_closed_at_the_end_of_the_year():
    assert payment_dates("2024-12-31", 1, 1, closed=["12-31"]) == ["2024-12-30"]


def test_closed_in_another_year():
    assert payment_dates("2024-07-04", 1, 1, closed=["2023-07-04"]) == ["2024-07-04"]


def test_closed_tuple():
    assert payment_dates("2024-07-04", 1, 1, ("07-04", "07-05")) == ["2024-07-08"]


def test_backwards_from_an_end():
    assert payment_dates("2024-04-30", -1, 2) == ["2024-03-29", "2024-04-30"]


def test_backwards_over_the_year():
    assert payment_dates("20240110", -2, 2) == ["2023-11-10", "2024-01-10"]


def test_negative_count():
    with pytest.raises(ValueError):
        payment_dates("2024-01-10", 1, -1)
