from egg_drop import fewest_drops


def test_one_egg_tries_every_floor():
    assert fewest_drops(1, 7) == 7


def test_no_floor_needs_no_drop():
    assert fewest_drops(3, 0) == 0


def test_two_eggs():
    assert fewest_drops(2, 6) == 3
    assert fewest_drops(eggs=2, floors=10) == 4


def test_three_eggs():
    assert fewest_drops(3, 14) == 4
