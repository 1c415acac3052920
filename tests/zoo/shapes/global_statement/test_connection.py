import connection
import pytest


@pytest.fixture(autouse=True)
def disconnected():
    connection.disconnect()
    yield
    connection.disconnect()


def test_made_once():
    assert connection.connect() is connection.connect()


def test_maker():
    assert connection.connect(list) == []


def test_name_appears():
    assert not hasattr(connection, "_shared")
    connection.connect()
    assert hasattr(connection, "_shared")


def test_disconnect():
    first = connection.connect(object)
    connection.disconnect()
    assert connection.connect(object) is not first
