import pytest
from features import supports


@pytest.mark.skipif(not supports("zip", (2, 0)), reason="needs zip 2.0")
def test_zip():
    assert supports("zip")


@pytest.mark.skipif(supports("rar"), reason="only without rar")
def test_no_rar():
    assert not supports("rar")


def test_version():
    assert not supports("tar", (1, 1))
