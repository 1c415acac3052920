from pair_with_sum import pair_with_sum


def test_found():
    assert pair_with_sum([2, 7, 11, 15], 9) == (0, 1)
    assert pair_with_sum([3, 3], 6) == (0, 1)


def test_a_number_is_not_its_own_partner():
    assert pair_with_sum([3, 4], 6) is None


def test_nothing():
    assert pair_with_sum([], 1) is None


def test_the_pair_is_at_the_end():
    numbers = list(range(0, 2400, 2)) + [5001, 7001]
    assert pair_with_sum(numbers, 12002) == (1200, 1201)
    assert pair_with_sum(list(range(0, 1600, 2)), 9001) is None
