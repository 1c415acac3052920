import time

from coupons import is_valid


def test_given_time():
    assert is_valid(expires=10, now=9)


def test_later():
    assert is_valid(time.time() + 60)


def test_expired():
    assert not is_valid(time.time() - 60)
