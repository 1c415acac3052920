from pathlib import Path

import pytest
from motd import message


def test_day():
    assert message("fri") == "Almost there"


def test_other_day():
    assert message("sun") == "Hello"


def test_missing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError):
        message("mon")


def test_same_folder_as_the_tests():
    assert Path.cwd() == Path(__file__).parent
