import pytest
from turtle_path import Turtle


def test_up():
    assert Turtle().up().up(steps=3).y == 4


def test_right():
    assert Turtle().right().x == 2


def test_go():
    turtle = Turtle().go(1, -1)
    assert (turtle.x, turtle.y) == (1, -1)


def test_backwards():
    with pytest.raises(ValueError):
        Turtle().up(steps=-1)
