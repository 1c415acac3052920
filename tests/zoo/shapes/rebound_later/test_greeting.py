import greeting
from greeting import greet


def test_wrapped():
    assert greet("ann") == "HELLO ANN!"


def test_not_wrapped():
    assert greeting.quiet("ann") == "hello ann!"


def test_default():
    assert greet(" bo ", mark="?") == "HELLO BO?"
