import pytest
from next_run import next_run


def test_hour():
    assert next_run("30 6 * * *", "2024-03-05 05:00") == "2024-03-05 06:30"


def test_tomorrow():
    assert next_run("30 6 * * *", "2024-03-05 07:00") == "2024-03-06 06:30"


def test_now():
    assert next_run("30 6 * * *", "2024-03-05 06:30") == "2024-03-06 06:30"


def test_list():
    assert next_run("0,20,40 * * * *", "2024-03-05 05:21") == "2024-03-05 05:40"


def test_span():
    assert next_run("0 9-17 * * *", "2024-03-05 20:00") == "2024-03-06 09:00"


def test_step():
    assert next_run("*/15 * * * *", "2024-03-05 05:31") == "2024-03-05 05:45"


def test_start_and_step():
    assert next_run("5/20 * * * *", "2024-03-05 05:26") == "2024-03-05 05:45"


def test_over_midnight():
    assert next_run("0 22-2 * * *", "2024-03-05 23:30") == "2024-03-06 00:00"


def test_sunday():
    assert next_run("0 0 * * 0", "2024-03-05 00:00") == "2024-03-10 00:00"


def test_seven():
    assert next_run("0 0 * * 7", "2024-03-05 00:00") == "2024-03-10 00:00"


def test_names():
    assert next_run("0 0 * Apr Fri", "2024-03-05 00:00") == "2024-04-05 00:00"


def test_day_and_weekday():
    assert next_run("0 0 13 * 5", "2024-03-09 00:00") == "2024-03-13 00:00"


def test_last_day():
    assert next_run("0 0 L * *", "2024-02-10 00:00") == "2024-02-29 00:00"


def test_second_monday():
    assert next_run("0 0 * * 1#2", "2024-03-05 00:00") == "2024-03-11 00:00"


def test_last_workday():
    assert next_run("0 0 W * *", "2024-03-05 00:00") == "2024-03-29 00:00"


def test_at_daily():
    assert next_run("@daily", "2024-03-05 00:00") == "2024-03-06 00:00"


def test_at_workdays():
    assert next_run("@workdays", "2024-03-08 12:00") == "2024-03-11 06:00"


def test_never():
    assert next_run("0 0 30 2 *", "2024-03-05 00:00") is None


def test_leap_day():
    assert next_run("0 0 29 2 *", "2024-03-05 00:00") == "2028-02-29 00:00"


def test_four_fields():
    with pytest.raises(ValueError):
        next_run("0 0 * *", "2024-03-05 00:00")


def test_minute_60():
    with pytest.raises(ValueError):
        next_run("60 0 * * *", "2024-03-05 00:00")
