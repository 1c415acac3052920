from common_customers import common_customers


def test_order_and_repeats():
    assert common_customers(["bo", "al", "bo"], ["bo", "cy"]) == ["bo", "bo"]


def test_none():
    assert common_customers([], ["al"]) == []
    assert common_customers(["al"], []) == []


def test_two_large_shops():
    first = [f"c{i}" for i in range(0, 4000, 2)]
    second = [f"c{i}" for i in range(0, 4000, 3)]
    assert common_customers(first, second) == [f"c{i}" for i in range(0, 4000, 6)]
