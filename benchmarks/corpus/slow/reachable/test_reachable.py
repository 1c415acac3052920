from reachable import reachable


def test_direction_matters():
    assert reachable([(1, 2), (3, 1)], 1) == [1, 2]


def test_cycle_and_loop():
    assert reachable([("a", "b"), ("b", "a"), ("b", "b")], "b") == ["a", "b"]


def test_lonely():
    assert reachable([], 9) == [9]


def test_a_ring_with_chords():
    edges = [(i, (i + 1) % 1000) for i in range(1000)] + [(i, i * 2 % 1000) for i in range(0, 1000, 7)]
    assert reachable(edges, 5) == list(range(1000))
