from expense_report import Report


def test_outliers():
    assert Report([1, 1, 10]).outliers() == [2]
    assert Report([1, 1, 10]).outliers(factor=0.1) == [0, 1, 2]


def test_no_amounts():
    assert Report([]).outliers() == []


def test_amounts_may_change_between_calls():
    report = Report([1, 1, 10])
    report.outliers()
    report.amounts.append(100)
    assert report.outliers() == [3]


def test_a_year():
    report = Report([i % 50 for i in range(1500)])
    assert len(report.outliers(1.9)) == 90
