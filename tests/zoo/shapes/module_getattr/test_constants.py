import constants
import pytest


def test_new_name():
    assert constants.SPEED == 299_792_458


def test_old_name():
    with pytest.warns(DeprecationWarning, match="LIGHT is now SPEED"):
        assert constants.LIGHT == constants.SPEED


def test_unknown():
    with pytest.raises(AttributeError, match="no attribute 'WARP'"):
        constants.WARP


def test_hasattr():
    assert not hasattr(constants, "WARP")


def test_import():
    with pytest.raises(ImportError):
        from constants import WARP  # noqa: F401
