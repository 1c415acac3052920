import pytest
from fields import Bounded, Pixel


def test_sets():
    pixel = Pixel(255, 0.5)
    assert (pixel.red, pixel.alpha) == (255, 0.5)


def test_out_of_bounds():
    with pytest.raises(ValueError, match=r"alpha must be in 0\.\.1"):
        Pixel(1, 2)


def test_old_value_stays():
    pixel = Pixel(10)
    with pytest.raises(ValueError):
        pixel.red = -1
    assert pixel.red == 10


def test_on_the_class():
    assert isinstance(Pixel.red, Bounded)
