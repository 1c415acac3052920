import pytest

from edit_distance import distance


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("cat", "cat", 0),
        ("cat", "cut", 1),
        ("cats", "cat", 1),
        ("ab", "ba", 2),
    ],
)
def test_small_words(a, b, expected):
    assert distance(a, b) == expected


def test_classic():
    assert distance("kitten", "sitting") == 3


def test_longer_words():
    assert distance("sunday", "saturdays") == 4
    assert distance("rosettas", "toasters") == 5
    assert distance("monday", "wednesday") == 5
