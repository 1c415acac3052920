from best_run import best_run


def test_runs():
    assert best_run([-2, 1, -3, 4, -1, 2, 1, -5, 4]) == 6
    assert best_run([-3, -1, -2]) == -1
    assert best_run([7]) == 7


def test_long():
    assert best_run([1, -2, 3] * 3000) == 6001
