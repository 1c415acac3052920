import pytest
from area import Circle, Square, area


def test_square():
    assert area(Square(3)) == 9


def test_circle():
    assert area(Circle(2)) == 12


def test_list():
    assert area([Square(1), Circle(1)]) == 4


def test_unknown():
    with pytest.raises(TypeError, match="str"):
        area("x")
