import pytest
from quota import remaining

pytestmark = pytest.mark.used(1)


def test_module_mark(used):
    assert remaining(used) == 99


@pytest.mark.used(40, 60)
def test_all(used):
    assert remaining(used) == 0


@pytest.mark.used(90, 20)
def test_too_much(used):
    with pytest.raises(OverflowError, match="10"):
        remaining(used)
