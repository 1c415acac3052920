from bubble_sort import bubble_sort


def test_sorts_a_copy():
    values = [3, 1, 2]
    assert bubble_sort(values) == [1, 2, 3]
    assert values == [3, 1, 2]


def test_edge_cases():
    assert bubble_sort([]) == []
    assert bubble_sort((2, 2, 1)) == [1, 2, 2]
    assert bubble_sort("cab") == ["a", "b", "c"]


def test_large():
    assert bubble_sort([(i * 7919) % 503 for i in range(900)]) == sorted((i * 7919) % 503 for i in range(900))
