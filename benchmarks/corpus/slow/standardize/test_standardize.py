import numpy as np

from standardize import standardize


def test_values():
    image = np.array([[1.0, 3.0], [5.0, 7.0]])
    np.testing.assert_allclose(standardize(image, 3.0, 2.0), [[-1.0, 0.0], [1.0, 2.0]])


def test_input_is_kept():
    image = np.ones((2, 2))
    standardize(image, mean=1.0, spread=1.0)
    assert (image == 1).all()


def test_a_photo():
    image = np.arange(40000.0).reshape(200, 200)
    out = standardize(image, 100.0, 4.0)
    assert out.shape == (200, 200)
    assert out[199, 199] == (39999.0 - 100.0) / 4.0
