from validators import Order, validator


def test_fine():
    order = Order(1, 1000)
    assert (order.check_count(), order.check_price()) == (None, None)


def test_below():
    assert Order(0, 1).check_count() == "count below 1"


def test_above():
    assert Order(1, 1001).check_price() == "price above 1000"


def test_zero_is_a_bound():
    assert Order(1, -1).check_price() == "price below 0"


def test_made_in_the_test():
    assert validator("count", high=0)(Order(2, 2)) == "count above 0"
