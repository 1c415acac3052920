import importlib

import config_values


def test_load(monkeypatch):
    monkeypatch.setenv("APP_PORT", "80")
    assert config_values.load()["port"] == "80"


def test_reloaded(monkeypatch):
    monkeypatch.setenv("ZOO_CONFIG_MODE", "fast")
    assert importlib.reload(config_values).VALUES == {"mode": "fast"}
    monkeypatch.delenv("ZOO_CONFIG_MODE")
    importlib.reload(config_values)


def test_after_the_reload(monkeypatch):
    monkeypatch.setenv("APP_A_B", "1")
    assert config_values.load()["a_b"] == "1"
