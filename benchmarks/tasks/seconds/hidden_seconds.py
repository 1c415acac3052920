import pytest
from seconds import seconds


def test_seconds():
    assert seconds("90s") == 90


def test_three_units():
    assert seconds("1h2m3s") == 3723


def test_abbreviations():
    assert seconds("2 hrs 3 mins 4 secs") == 7384


def test_decimals_in_front():
    assert seconds("1.5h 1m") == 5460


def test_comma_between():
    assert seconds("1 h, 2 min, 3 s") == 3723


def test_decimal_comma_and_comma():
    assert seconds("1,5 h, 2 m") == 5520


def test_days():
    assert seconds("1.5 days") == 43200


def test_weeks():
    assert seconds("2w") == 288000


def test_decimal_alone():
    assert seconds("1.5") == 90


def test_number_behind_days():
    assert seconds("1d 2") == 36000


def test_number_behind_minutes():
    assert seconds("1m 30") == 90


def test_colon_below_zero():
    assert seconds("-0:30") == -1800


def test_many_hours():
    assert seconds("100:00") == 360000


def test_plus():
    assert seconds("+ 5m") == 300


def test_half_a_day():
    assert seconds("half a day") == 14400


def test_a_week():
    assert seconds("a week") == 144000


def test_rounding():
    assert [seconds("0.5s"), seconds("1.5s"), seconds("0.01m")] == [0, 2, 1]


@pytest.mark.parametrize("text", ["", "  ", "-", "1h 1h", "1:75", "soon", "5s 3"])
def test_nonsense(text):
    with pytest.raises(ValueError):
        seconds(text)
