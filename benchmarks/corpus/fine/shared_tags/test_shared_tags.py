from shared_tags import shared_tags


def test_shared():
    assert shared_tags({1, 2, 3}, {2, 3, 4}) == {2, 3}
    assert shared_tags(set(), {1}) == set()


def test_many():
    assert len(shared_tags(set(range(5000)), set(range(2500, 7500)))) == 2500
