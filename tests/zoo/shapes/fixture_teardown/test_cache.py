import pytest
from cache import Cache


@pytest.fixture
def cache():
    made = Cache()
    yield made
    made.values["last"] = 1
    assert made.close() >= 1
    assert not made.open
    assert not made.values


def test_put(cache):
    cache.values["a"] = 1
    assert cache.open


def test_nothing(cache):
    assert cache.values == {}


def test_without_fixture():
    assert Cache().close() == 0
