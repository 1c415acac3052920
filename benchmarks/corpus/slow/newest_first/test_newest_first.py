from newest_first import newest_first


def test_order():
    assert newest_first([(1, "a"), (2, "b"), (3, "c")], 2) == ["c", "b"]


def test_none_recent():
    assert newest_first([(1, "a")], since=5) == []


def test_a_generator_of_events():
    assert newest_first(((day, str(day)) for day in range(3)), 0) == ["2", "1", "0"]


def test_long_history():
    events = [(i // 10, i) for i in range(12000)]
    assert newest_first(events, 100) == list(range(11999, 999, -1))
