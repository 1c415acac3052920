from running_totals import running_totals


def test_small():
    assert running_totals([5, -2, 4]) == [5, 3, 7]
    assert running_totals([]) == []
    assert running_totals((1, 1)) == [1, 2]


def test_a_year_of_bookings():
    totals = running_totals([(-1) ** i * i for i in range(2500)])
    assert totals[-1] == -1250
    assert totals[:4] == [0, -1, 1, -2]
