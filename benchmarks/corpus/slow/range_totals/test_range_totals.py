from range_totals import range_totals


def test_small():
    assert range_totals([1, 2, 3, 4], [(0, 3), (1, 2), (2, 2)]) == [10, 5, 3]


def test_empty_range():
    assert range_totals([1, 2], [(1, 0)]) == [0]


def test_no_queries():
    assert range_totals([], []) == []


def test_many_queries():
    values = list(range(2000))
    answers = range_totals(values, [(i, 1999 - i) for i in range(600)])
    assert answers[0] == 1999000
    assert answers[599] == 802 * 1999 // 2
