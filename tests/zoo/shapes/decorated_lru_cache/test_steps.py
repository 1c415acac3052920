import pytest
import steps as module
from steps import steps

WARM = steps(8)


def test_filled_while_collecting():
    assert WARM == 3
    assert steps.cache_info().currsize >= 4


def test_values():
    assert [steps(number) for number in (1, 2, 6, 7)] == [0, 1, 8, 16]


def test_second_call_hits():
    steps.cache_clear()
    steps(6)
    misses = steps.cache_info().misses
    assert steps(6) == 8
    assert steps.cache_info().misses == misses
    assert steps.cache_info().hits >= 1


def test_value_that_was_cached_at_import():
    assert module.steps(8) == 3


def test_error():
    with pytest.raises(ValueError):
        steps(0)
