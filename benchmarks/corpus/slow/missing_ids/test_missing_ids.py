from missing_ids import missing_ids


def test_some_missing():
    assert missing_ids([3, 1, 2], {2}) == [1, 3]


def test_generator_of_present_ids():
    assert missing_ids([1, 2, 3], (n for n in (1, 3))) == [2]


def test_nothing_missing():
    assert missing_ids([], [1]) == []
    assert missing_ids([1, 1], [1]) == []


def test_many():
    assert missing_ids(list(range(3000)), list(range(0, 3000, 2))) == list(range(1, 3000, 2))
