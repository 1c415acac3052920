import pytest

from running_stats import RunningStats


def test_stream():
    stats = RunningStats()
    for value in (2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0):
        stats.push(value)
    assert stats.mean == pytest.approx(5.0)
    assert stats.variance() == pytest.approx(4.0)


def test_one_value():
    stats = RunningStats()
    stats.push(3)
    assert (stats.count, stats.mean, stats.variance()) == (1, 3.0, 0.0)
