from best_window import best_window


def test_best():
    assert best_window([1, 9, 9, 1, 1], 2) == 1


def test_earliest_of_equals():
    assert best_window([5, 0, 5], 1) == 0


def test_too_short():
    assert best_window([1], 5) == 0


def test_losses():
    assert best_window([-3, -1, -2], days=2) == 1


def test_three_years():
    sales = [i % 37 for i in range(3000)]
    sales[2000] = 500
    assert best_window(sales, 100) == 1935
