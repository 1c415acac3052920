import pytest


@pytest.fixture
def limit(limit):
    return limit // 2
