import pytest
from averager import averager


@pytest.fixture
def running():
    generator = averager()
    assert next(generator) == 0.0
    yield generator
    generator.close()


def test_send(running):
    assert [running.send(figure) for figure in (2, 4, 9)] == [2.0, 3.0, 5.0]


def test_throw_resets(running):
    running.send(8)
    assert running.throw(ValueError()) == 0.0
    assert running.send(4) == 4.0


def test_return_value(running):
    running.send(1)
    with pytest.raises(StopIteration) as stop:
        running.send(None)
    assert stop.value.value == 1
