from tariffs import DAY, EIGHT_HOURS, Tariff


def test_asked_at_import():
    assert EIGHT_HOURS == 800
    assert DAY.asked == 1


def test_cached_since_import():
    assert DAY.price(8) == 800
    assert DAY.asked == 1


def test_night():
    assert DAY.price(3, night=True) == 150


def test_per_instance():
    other = Tariff(10)
    assert [other.price(1), other.price(1)] == [10, 10]
    assert other.asked == 1
