from ordering import Shelf, by_length, ordered


def test_default():
    assert ordered(["ccc", "a", "bb"]) == ["a", "bb", "ccc"]


def test_ties():
    assert ordered(["b", "a", "c"]) == ["a", "b", "c"]


def test_keyword_default():
    assert Shelf(["dd", "c"]).words == ["c", "dd"]


def test_other_key():
    assert ordered(["a", "b"], key=lambda word: -ord(word)) == ["b", "a"]


def test_identity():
    assert ordered.__defaults__[0] is by_length
