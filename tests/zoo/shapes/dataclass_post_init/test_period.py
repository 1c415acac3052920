from period import WEEK, Period


def test_days():
    assert Period(3, 5).days == 3


def test_swapped():
    assert Period(5, 3) == Period(3, 5)


def test_made_at_import():
    assert (WEEK.first, WEEK.days) == (1, 7)
