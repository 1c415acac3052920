import pytest
from machine import make_machine


@pytest.fixture(scope="module")
def machine_class():
    return make_machine("ab")


def test_counts(machine_class):
    assert machine_class().feed("abba").seen == {"a": 2, "b": 2}


def test_ignores_others(machine_class):
    assert machine_class().feed("xay").seen == {"a": 1, "b": 0}


def test_chains(machine_class):
    assert machine_class().feed("a").feed("a").seen["a"] == 2
