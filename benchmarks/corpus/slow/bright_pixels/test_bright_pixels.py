import numpy as np

from bright_pixels import count_bright


def test_strictly_above():
    assert count_bright(np.array([[1, 5], [6, 5]]), 5) == 1


def test_empty():
    assert count_bright(np.zeros((0, 3)), 0) == 0


def test_result_is_a_plain_int():
    assert type(count_bright(np.ones((1, 1)), 0)) is int


def test_photo():
    image = np.arange(90000).reshape(300, 300) % 256
    assert count_bright(image, 199) == 19656
