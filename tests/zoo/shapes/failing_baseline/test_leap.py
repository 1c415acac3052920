import pytest
from leap import is_leap


@pytest.mark.parametrize(("year", "leap"), [(2023, False), (2024, True), (1900, False), (2000, True), (1600, True)])
def test_year(year, leap):
    assert is_leap(year) is leap


def test_per_four_centuries():
    assert sum(map(is_leap, range(1601, 2001))) == 97
