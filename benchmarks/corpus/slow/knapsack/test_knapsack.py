from knapsack import best_value


def test_nothing_to_take():
    assert best_value([], 10) == 0
    assert best_value([(5, 100)], 4) == 0


def test_the_best_pair_beats_the_best_item():
    assert best_value([(3, 30), (2, 20), (2, 20)], 4) == 40


def test_later_items_only():
    assert best_value([(1, 100), (1, 5)], 2, index=1) == 5


def test_many_items():
    items = [(2 + i % 5, 10 + (i * 7) % 13) for i in range(18)]
    assert best_value(items, 40) == 200
