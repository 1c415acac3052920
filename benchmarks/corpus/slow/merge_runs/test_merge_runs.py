from merge_runs import merge


def test_interleaved():
    assert merge([1, 4, 6], [2, 3, 9, 10]) == [1, 2, 3, 4, 6, 9, 10]


def test_one_is_empty():
    assert merge([], [1]) == [1]
    assert merge([1], []) == [1]
    assert merge([], []) == []


def test_inputs_are_kept():
    left, right = [1], [0]
    assert merge(left, right) == [0, 1]
    assert (left, right) == ([1], [0])


def test_long_runs():
    assert merge(list(range(0, 30000, 2)), list(range(1, 30000, 2))) == list(range(30000))
