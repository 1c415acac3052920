"""Checksum of a serial number, with its tests."""


def checksum(serial):
    return sum(int(digit) * weight for weight, digit in enumerate(serial, start=1)) % 10


def test_zero():
    assert checksum("0000") == 0


def test_weights():
    assert checksum("123") == 4


def test_empty():
    assert checksum("") == 0


class TestTransposition:
    def test_is_seen(self):
        assert checksum("12") != checksum("21")
