import discounts


def test_made_at_import():
    assert discounts.student(1000) == 800


def test_made_at_import_with_floor():
    assert discounts.clearance(500) == 100


def test_made_in_the_test():
    assert discounts.make_discount(50)(301) == 151


def test_independent():
    half, none = discounts.make_discount(50), discounts.make_discount(0)
    assert (half(10), none(10)) == (5, 10)
