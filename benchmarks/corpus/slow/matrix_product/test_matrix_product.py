import numpy as np

from matrix_product import multiply


def test_small():
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    b = np.array([[5.0], [6.0]])
    np.testing.assert_allclose(multiply(a, b), [[17.0], [39.0]])


def test_shape_and_type():
    product = multiply(np.ones((2, 3)), np.ones((3, 4)))
    assert product.shape == (2, 4)
    assert product.dtype == np.float64


def test_larger():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(40, 30)), rng.normal(size=(30, 35))
    np.testing.assert_allclose(multiply(a, b), np.einsum("ik,kj->ij", a, b), rtol=1e-9, atol=1e-12)
