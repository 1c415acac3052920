import pytest
from schema import validate


def test_valid():
    assert validate(30, "Ann")


def test_out_of_range():
    assert not validate(150)


def test_checked():
    with pytest.raises(TypeError, match="age must be int"):
        validate("30")


def test_name():
    with pytest.raises(TypeError, match="name must be str"):
        validate(1, name=2)
