import pytest
from seconds import seconds


def test_minutes():
    assert seconds("5m") == 300


def test_hours_and_minutes():
    assert seconds("1h30m") == 5400


def test_spaces():
    assert seconds(" 1h  5m ") == 3900


def test_words():
    assert seconds("2 hours 10 minutes") == 7800


def test_decimals():
    assert seconds("1.5h") == 5400


def test_comma():
    assert seconds("0,25 h") == 900


def test_day():
    assert seconds("1d") == 28800


def test_week():
    assert seconds("1 week, 1 day") == 172800


def test_number_alone():
    assert seconds("45") == 2700


def test_number_behind():
    assert seconds("1h 20") == 4800


def test_colon():
    assert seconds("1:30") == 5400


def test_two_colons():
    assert seconds("0:01:30") == 90


def test_minus():
    assert seconds("-1h30m") == -5400


def test_and():
    assert seconds("1 hour and 5 min") == 3900


def test_half():
    assert seconds("half an hour") == 1800


def test_an_hour():
    assert seconds("an hour and a minute") == 3660


def test_part_of_a_second():
    assert seconds("2.5s") == 2


def test_capitals():
    assert seconds("1H 5Min") == 3900


def test_wrong_order():
    with pytest.raises(ValueError):
        seconds("5m 1h")


def test_unknown_unit():
    with pytest.raises(ValueError):
        seconds("5 parsecs")
