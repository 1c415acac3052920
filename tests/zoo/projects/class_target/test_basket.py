from basket import Basket


def test_total():
    assert Basket().total() == 0
