import pytest
from weekday import Weekday


@pytest.mark.parametrize("day", list(Weekday))
def test_seven_steps_return(day):
    for _ in range(7):
        day_after = day.next()
        assert day_after is not day
        day = day_after
    assert day in Weekday


def test_sunday():
    assert Weekday.SUN.next() is Weekday.MON


def test_working():
    assert Weekday.FRI.next(working=True) is Weekday.MON


def test_members():
    assert len(Weekday) == 7
