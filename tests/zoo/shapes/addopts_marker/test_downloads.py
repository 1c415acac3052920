import pytest
from downloads import human_size

pytestmark = pytest.mark.smoke


def test_bytes():
    assert human_size(999) == "999 B"


@pytest.mark.smoke
def test_kilobytes():
    assert human_size(1500) == "1.5 kB"


@pytest.mark.network
def test_network():
    raise AssertionError("deselected by -m")


@pytest.mark.parametrize("count", [pytest.param(10**9, id="one"), pytest.param(10**12, marks=pytest.mark.network)])
def test_large(count):
    assert human_size(count) == "1 GB"
