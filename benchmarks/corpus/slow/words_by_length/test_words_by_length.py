from words_by_length import sort_by_length


def test_stable():
    assert sort_by_length(["ccc", "b", "a", "bb"]) == ["b", "a", "bb", "ccc"]


def test_same_list():
    words = ["bb", "a"]
    assert sort_by_length(words) is words
    assert words == ["a", "bb"]


def test_empty():
    assert sort_by_length([]) == []


def test_many():
    words = ["x" * ((i * 17) % 29) for i in range(800)]
    assert [len(word) for word in sort_by_length(words)] == sorted((i * 17) % 29 for i in range(800))
