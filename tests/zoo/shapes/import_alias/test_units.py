import pytest
import units as u


def test_to_metres():
    assert u.convert(2, "km") == 2000.0


def test_between():
    assert u.convert(1, "mi", "km") == pytest.approx(1.609344)


def test_unknown():
    with pytest.raises(KeyError):
        u.convert(1, "ell")
