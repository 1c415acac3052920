import pytest
from platforms import lines


def test_lines():
    assert lines(b"a\r\nb") == ["a", "b"]


def test_text():
    assert lines("é".encode()) == ["é"]


def test_not_utf8():
    with pytest.raises(UnicodeDecodeError):
        lines(b"\xe9")
