import pytest
from report import Report


def test_values():
    assert Report([4, 1, 7]).summary == {"low": 1, "high": 7, "mean": 4.0}


def test_computed_once():
    report = Report([1, 2])
    assert report.summary is report.summary
    assert report.computed == 1


def test_deleting_forgets():
    report = Report([1, 2])
    assert report.summary["high"] == 2
    report.figures.append(9)
    del report.summary
    assert report.summary["high"] == 9


def test_empty():
    with pytest.raises(ValueError):
        Report([]).summary
