from score_ranks import score_ranks


def test_ties_share_a_rank():
    assert score_ranks([70, 90, 70, 50]) == [2, 1, 2, 4]


def test_empty():
    assert score_ranks([]) == []


def test_a_class():
    scores = [(i * 37) % 101 for i in range(700)]
    ranks = score_ranks(scores)
    assert min(ranks) == 1
    assert max(ranks) == 694
