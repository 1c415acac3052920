from common_divisor import common_divisor


def test_small():
    assert common_divisor(12, 18) == 6
    assert common_divisor(7, 7) == 7
    assert common_divisor(1, 9) == 1


def test_large():
    assert common_divisor(700001, 900001) == 1
    assert common_divisor(300000, 450000) == 150000
