from trees import entry_size, size


def test_flat():
    assert size({"a": 1, "b": 2}) == 3


def test_deep():
    assert size({"a": {"b": {"c": 5}}, "d": 1}) == 6


def test_through_the_other():
    assert entry_size({"a": {"b": 2}}) == 2


def test_empty():
    assert size({}) == 0
