from top_scores import top_scores


def test_best_first():
    assert top_scores([3, 9, 4], 2) == [9, 4]


def test_ties_and_short_lists():
    assert top_scores([5, 5], 3) == [5, 5]
    assert top_scores([], 2) == []
    assert top_scores([1], 0) == []


def test_input_is_untouched():
    scores = [1, 2]
    top_scores(scores, 2)
    assert scores == [1, 2]


def test_many():
    scores = [(i * 271) % 1009 for i in range(2000)]
    assert top_scores(scores, 500) == sorted(scores, reverse=True)[:500]
