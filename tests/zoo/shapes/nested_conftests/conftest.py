import pytest


@pytest.fixture
def limit():
    return 8


@pytest.fixture
def short(limit):
    from app.text import shorten

    return shorten("a longer sentence", limit)
