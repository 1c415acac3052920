import pytest


@pytest.fixture
def limit():
    return 17
