import numpy as np
import pytest

from weighted_sum import weighted_sum


def test_small():
    assert weighted_sum(np.array([1.0, 2.0]), np.array([0.5, 0.25])) == 1.0


def test_empty():
    assert weighted_sum(np.array([]), np.array([])) == 0.0
    assert type(weighted_sum(np.array([]), np.array([]))) is float


def test_many():
    values = np.linspace(0.0, 1.0, 50001)
    assert weighted_sum(values, np.ones(50001)) == pytest.approx(25000.5)
