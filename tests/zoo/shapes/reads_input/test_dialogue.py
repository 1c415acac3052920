import io

import pytest
from dialogue import ask


def test_yes(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: " YES ")
    assert ask("ready?") is True


def test_tries(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("what\nno\nyes\n"))
    assert ask("sure?") is False
    assert capsys.readouterr().out == "sure? sure? "


def test_gives_up(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: "?")
    assert ask("well?") is None


def test_nobody_there():
    with pytest.raises(OSError):
        ask("hello?")
