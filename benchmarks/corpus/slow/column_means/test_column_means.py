import numpy as np

from column_means import column_means


def test_small():
    np.testing.assert_allclose(column_means(np.array([[1.0, 10.0], [3.0, 30.0]])), [2.0, 20.0])


def test_one_row():
    np.testing.assert_allclose(column_means(np.array([[4.0]])), [4.0])


def test_table():
    table = np.arange(40000.0).reshape(4000, 10)
    np.testing.assert_allclose(column_means(table), np.arange(10) + 19995.0)
