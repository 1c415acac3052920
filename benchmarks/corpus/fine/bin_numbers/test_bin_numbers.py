import numpy as np

from bin_numbers import bin_numbers


def test_edges():
    assert bin_numbers(np.array([1.0, 2.0]), np.array([0.0, 1.0, 1.5, 9.0])).tolist() == [0, 1, 1, 2]


def test_many():
    numbers = bin_numbers(np.arange(100.0), np.linspace(-1.0, 100.0, 20001))
    assert (numbers.min(), numbers.max()) == (0, 100)
