from flattened import flatten


def test_flatten():
    assert flatten([[1, 2], [], [3]]) == [1, 2, 3]
    assert flatten([]) == []


def test_large():
    assert len(flatten([list(range(100)) for _ in range(300)])) == 30000
