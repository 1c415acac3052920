import pytest
import stats
from stats import tmean, trimmed_mean


def test_package_attribute():
    assert stats.trimmed_mean([100, -50, 1, 2, 3]) == 2


def test_imported_from_package():
    assert trimmed_mean([1, 2, 3], cut=0) == 2


def test_second_name():
    assert tmean([9, 1, 2, 3, 4, 0], cut=2) == 2.5


def test_nothing_left():
    with pytest.raises(ValueError):
        trimmed_mean([1, 2])
