from round_robin import schedule


def test_short_jobs_finish_first():
    assert schedule([("a", 5), ("b", 1), ("c", 3)], 2) == ["b", "c", "a"]


def test_no_jobs():
    assert schedule([], 1) == []


def test_input_is_kept():
    jobs = [("a", 3)]
    assert schedule(jobs, 1) == ["a"]
    assert jobs == [("a", 3)]


def test_many_jobs():
    order = schedule([(i, 1 + i % 5) for i in range(12000)], 1)
    assert order[:3] == [0, 5, 10]
    assert order[-1] == 11999
