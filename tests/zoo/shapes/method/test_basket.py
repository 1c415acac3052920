from basket import Basket


def test_empty():
    assert Basket().total() == 0


def test_counts_multiply():
    assert Basket().add("tea", 300, 2).add("jam", 450).total() == 1050


def test_voucher_never_below_zero():
    assert Basket().add("tea", 300).total(voucher=500) == 0
