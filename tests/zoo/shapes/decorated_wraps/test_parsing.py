import parsing
import pytest
from parsing import parse_port


@pytest.fixture(autouse=True)
def no_calls():
    parse_port.calls.clear()


def test_reads():
    assert parse_port("8080") == 8080


def test_default():
    assert parse_port("") == 80


def test_range():
    with pytest.raises(ValueError, match="not a port"):
        parse_port("70000")


def test_wrapper_sees_the_call():
    parsing.parse_port("1", default=2)
    assert parse_port.calls == [(("1",), {"default": 2})]


def test_wrapped():
    assert parse_port.__wrapped__("22") == 22
    assert parse_port.calls == []
