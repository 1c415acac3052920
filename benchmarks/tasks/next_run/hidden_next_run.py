import pytest
from next_run import next_run


def test_every_minute():
    assert next_run("* * * * *", "2024-12-31 23:59") == "2025-01-01 00:00"


def test_seconds_are_dropped():
    assert next_run("* * * * *", "2024-03-05 05:31:40") == "2024-03-05 05:32"


def test_two_hours():
    assert next_run("15 8,20 * * *", "2024-03-05 08:15") == "2024-03-05 20:15"


def test_span_and_single():
    assert next_run("0 1-3,12 * * *", "2024-03-05 03:00") == "2024-03-05 12:00"


def test_span_with_step():
    assert next_run("10-30/10 * * * *", "2024-03-05 05:20") == "2024-03-05 05:30"


def test_hours_by_step():
    assert next_run("0 */6 * * *", "2024-03-05 18:00") == "2024-03-06 00:00"


def test_start_and_step_of_hours():
    assert next_run("0 9/4 * * *", "2024-03-05 21:30") == "2024-03-06 09:00"


def test_over_the_year():
    assert next_run("0 0 1 11-2 *", "2024-02-15 00:00") == "2024-11-01 00:00"


def test_over_the_weekend():
    assert next_run("0 0 * * sat-mon", "2024-03-05 00:00") == "2024-03-09 00:00"


def test_weekdays_to_seven():
    assert next_run("0 0 * * 6-7", "2024-03-10 00:00") == "2024-03-16 00:00"


def test_weekday_names():
    assert next_run("0 0 * * MON,wed", "2024-03-05 00:00") == "2024-03-06 00:00"


def test_day_or_weekday():
    assert next_run("0 0 13 * 5", "2024-03-05 00:00") == "2024-03-08 00:00"


def test_last_day_of_a_short_year():
    assert next_run("0 0 L 2 *", "2024-03-05 00:00") == "2025-02-28 00:00"


def test_list_with_last_day():
    assert next_run("0 0 15,L * *", "2024-04-15 00:00") == "2024-04-30 00:00"


def test_fifth_friday():
    assert next_run("0 0 * * fri#5", "2024-04-01 00:00") == "2024-05-31 00:00"


def test_last_workday_of_june():
    assert next_run("0 18 W 6 *", "2024-03-05 00:00") == "2024-06-28 18:00"


def test_at_hourly():
    assert next_run("@hourly", "2024-03-05 05:10") == "2024-03-05 06:00"


def test_at_monthly():
    assert next_run("@Monthly", "2024-03-05 05:10") == "2024-04-01 00:00"


def test_at_weekly():
    assert next_run("@weekly", "2024-03-05 05:10") == "2024-03-10 00:00"


@pytest.mark.parametrize("rule", ["* 24 * * *", "* * 0 * *", "*/0 * * * *", "a * * * *", "* * * 13 *"])
def test_nonsense(rule):
    with pytest.raises(ValueError):
        next_run(rule, "2024-03-05 00:00")
