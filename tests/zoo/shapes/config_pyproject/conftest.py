import pytest


@pytest.fixture
def price_list(monkeypatch):
    monkeypatch.setattr("library.loans.PER_DAY", 10)
