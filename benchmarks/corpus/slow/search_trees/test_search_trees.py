from search_trees import count_trees


def test_first_catalan_numbers():
    assert [count_trees(n) for n in range(7)] == [1, 1, 2, 5, 14, 42, 132]


def test_ten_nodes():
    assert count_trees(12) == 208012
