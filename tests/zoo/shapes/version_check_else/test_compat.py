from compat import pairs


def test_pairs():
    assert pairs("abc") == [("a", "b"), ("b", "c")]


def test_one():
    assert pairs("a") == []


def test_iterator():
    assert pairs(iter([1, 2])) == [(1, 2)]
