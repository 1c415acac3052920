from balance_point import balance_point


def test_found():
    assert balance_point([1, 7, 3, 6, 5, 6]) == 3
    assert balance_point([4]) == 0


def test_not_found():
    assert balance_point([]) == -1
    assert balance_point([1, 2]) == -1


def test_first_of_several():
    assert balance_point([0, 0, 0]) == 0


def test_long():
    assert balance_point([1] * 1000 + [5] + [1] * 1000) == 1000
    assert balance_point([2] * 1001 + [1]) == -1
