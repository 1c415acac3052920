import pytest
from features import supports

if not supports("zip"):
    pytest.skip("no zip in this build", allow_module_level=True)


def test_zip_again():
    assert supports("zip", (2, 1))
