from merge_sorted import merge_sorted


def test_merge():
    assert merge_sorted([1, 4], [2, 3]) == [1, 2, 3, 4]
    assert merge_sorted([], []) == []


def test_inputs_are_kept():
    left, right = [2], [1]
    assert merge_sorted(left, right) == [1, 2]
    assert (left, right) == ([2], [1])


def test_long():
    assert merge_sorted(list(range(0, 20000, 2)), list(range(1, 20000, 2))) == list(range(20000))
