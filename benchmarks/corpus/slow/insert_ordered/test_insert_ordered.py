from insert_ordered import collect_sorted


def test_order():
    assert collect_sorted(iter([2, 3, 1])) == [1, 2, 3]
    assert collect_sorted([2, 3, 1], reverse=True) == [3, 2, 1]


def test_empty():
    assert collect_sorted([]) == []


def test_equal_numbers():
    assert collect_sorted([1, 0, 1, 0]) == [0, 0, 1, 1]


def test_long_stream():
    numbers = [(i * 577) % 1013 for i in range(1400)]
    assert collect_sorted(numbers) == sorted(numbers)
