import pytest
from shapes import Nothing, Shape, Square


def test_describe():
    assert Square(1.5).describe() == "Square of 2.2"


def test_digits():
    assert Square(1.5).describe(2) == "Square of 2.25"


def test_through_super():
    assert Nothing().describe() == "no Nothing of 0.0"


def test_still_abstract():
    with pytest.raises(TypeError):
        Shape()
