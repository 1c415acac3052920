import pytest
from proxy import proxy_for


@pytest.fixture
def environment(monkeypatch):
    monkeypatch.setenv("SHOP_PROXY", "proxy:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    return monkeypatch


def test_proxy(environment):
    assert proxy_for("example.org") == "proxy:3128"


def test_exempt(environment):
    environment.setenv("NO_PROXY", ".local, example.org")
    assert proxy_for("www.example.org") is None
    assert proxy_for("printer.local") is None


def test_unset(monkeypatch):
    monkeypatch.delenv("SHOP_PROXY", raising=False)
    assert proxy_for("example.org") is None
