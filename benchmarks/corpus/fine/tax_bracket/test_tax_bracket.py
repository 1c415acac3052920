from tax_bracket import bracket


def test_limits():
    assert [bracket([10, 20], income) for income in (5, 10, 19, 20)] == [0, 1, 1, 2]
    assert bracket([], 5) == 0


def test_many_limits():
    assert bracket(list(range(0, 100000, 10)), 54321) == 5433
