import pytest

from booking_period import in_period


def test_bounds_are_included():
    bookings = [("31.12.2023", 1), ("01.01.2024", 2), ("31.01.2024", 3), ("01.02.2024", 4)]
    assert in_period(bookings, "01.01.2024", "31.01.2024") == [("01.01.2024", 2), ("31.01.2024", 3)]


def test_no_bookings():
    assert in_period([], "01.01.2024", "31.01.2024") == []


def test_a_bad_date_is_reported():
    with pytest.raises(ValueError):
        in_period([("2024-01-01", 1)], "01.01.2024", "31.01.2024")


def test_a_year():
    bookings = [(f"{1 + i % 28:02d}.{1 + i % 12:02d}.2024", i) for i in range(1000)]
    assert len(in_period(bookings, "01.03.2024", "28.04.2024")) == 168
