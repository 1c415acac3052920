from vote_counts import tally


def test_order_and_counts():
    assert list(tally(["b", "a", "b"]).items()) == [("b", 2), ("a", 1)]


def test_result_is_a_plain_dict():
    assert type(tally([])) is dict
    assert tally([]) == {}


def test_an_election():
    votes = [f"candidate {i * i % 23}" for i in range(1500)]
    counts = tally(votes)
    assert sum(counts.values()) == 1500
    assert counts["candidate 0"] == 66
