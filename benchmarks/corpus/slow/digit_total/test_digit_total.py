from digit_total import matching_numbers


def test_small():
    assert matching_numbers([12, 21, 30, 4], [3, 4, 5]) == [3, 1, 0]


def test_empty():
    assert matching_numbers([], [1]) == [0]
    assert matching_numbers([1], []) == []


def test_many():
    counts = matching_numbers(list(range(1000)), list(range(60)))
    assert counts[:3] == [1, 3, 6]
    assert sum(counts) == 2285
