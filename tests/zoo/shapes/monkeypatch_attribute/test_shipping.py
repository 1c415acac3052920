import pytest
import shipping
from shipping import cost


@pytest.fixture
def near(monkeypatch):
    monkeypatch.setattr(shipping, "distance", len)


def test_distance_is_replaced(near):
    assert cost("Ulm") == 9


def test_rate_is_replaced(near, monkeypatch):
    monkeypatch.setattr("shipping.RATE", 10)
    assert cost("Ulm", weight=2) == 60


def test_not_replaced():
    with pytest.raises(OSError, match="no map of Ulm"):
        cost("Ulm")


def test_too_heavy():
    assert cost("Ulm", weight=31) is None


def test_target_is_replaced(monkeypatch):
    monkeypatch.setattr(shipping, "cost", lambda town: 0)
    assert shipping.cost("Ulm") == 0
    assert cost is not shipping.cost
