from day_changes import changes


def test_changes():
    assert changes([1, 4, 2]) == [3, -2]
    assert changes([1]) == []
    assert changes([]) == []


def test_long():
    assert changes([i * i for i in range(5000)]) == list(range(1, 9999, 2))
