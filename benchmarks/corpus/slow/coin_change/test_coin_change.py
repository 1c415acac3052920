import math

from coin_change import fewest_coins


def test_no_amount_needs_no_coin():
    assert fewest_coins([1, 2], 0) == 0


def test_no_way():
    assert fewest_coins([5], 3) == math.inf
    assert fewest_coins([], 1) == math.inf


def test_greedy_is_not_best():
    assert fewest_coins([1, 3, 4], 6) == 2


def test_euro_coins():
    assert fewest_coins([1, 2, 5, 10], 19) == 4
    assert fewest_coins([2, 5, 10, 20], 38) == 6
    assert fewest_coins([1, 2, 5], 24) == 6
