import pytest
from anagrams import is_anagram


def pytest_generate_tests(metafunc):
    if "pair" in metafunc.fixturenames:
        pairs = [("tea", "eat"), ("tea", "tee")]
        metafunc.parametrize(("pair", "expected"), [(pair, is_anagram(*pair)) for pair in pairs], ids=["same", "other"])


def test_not_of_itself(word):
    assert not is_anagram(word, word)


def test_reversed(word):
    assert is_anagram(word, word[::-1]) is (len(word) > 1)


def test_pair(pair, expected):
    assert (pair[1] == "eat") is expected


def test_lengths():
    with pytest.raises(TypeError):
        is_anagram("a", None)
