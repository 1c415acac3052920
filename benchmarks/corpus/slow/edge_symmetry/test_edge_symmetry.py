from edge_symmetry import one_way_edges


def test_small():
    assert one_way_edges([(1, 2), (2, 1), (1, 3)]) == [(1, 3)]


def test_a_loop_is_its_own_opposite():
    assert one_way_edges([(1, 1)]) == []


def test_repeats_are_kept():
    assert one_way_edges([("a", "b"), ("a", "b")]) == [("a", "b"), ("a", "b")]


def test_many():
    edges = [(i, i + 1) for i in range(1000)] + [(i + 1, i) for i in range(0, 1000, 2)]
    assert one_way_edges(edges) == [(i, i + 1) for i in range(1, 1000, 2)]
