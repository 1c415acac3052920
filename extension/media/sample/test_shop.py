from shop import order_total, regulars


def test_shipping_below_fifty():
    assert order_total([1000, 500]) == 1990


def test_free_shipping_from_fifty():
    assert order_total([3000, 2000]) == 5000


def test_a_voucher():
    assert order_total([8000], voucher_percent=25) == 6000


def test_a_voucher_can_cost_the_free_shipping():
    assert order_total([5000], voucher_percent=10) == 4990


def test_regulars_in_the_order_of_today():
    assert regulars(["eve", "bob", "eve", "ann"], ["ann", "eve"]) == ["eve", "ann"]


def test_regulars_of_busy_days():
    today, yesterday = list(range(0, 3000, 2)), list(range(0, 3000, 3))
    assert regulars(today, yesterday) == list(range(0, 3000, 6))
