"""Distances in words against a plain table, likeness of answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.search.similarity import changed_share, jaccard, normalised, similarity, word_distance


def table(first: list[str], second: list[str]) -> int:
    """Levenshtein's distance by the textbook."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


_WORDS = st.lists(st.sampled_from("abc"), max_size=14)


@given(_WORDS, _WORDS)
def test_the_distance_is_levenshteins(first: list[str], second: list[str]) -> None:
    assert word_distance(" ".join(first), "\n".join(second)) == table(first, second)


def test_the_distance_of_large_texts_is_bounded_work() -> None:
    one = " ".join(f"a{n}" for n in range(20_000))
    assert word_distance(one, one.replace("a7 ", "b7 ")) == 1
    assert word_distance(one, " ".join(f"b{n}" for n in range(20_000))) == 20_000
    assert word_distance(one, "") >= 1_000


def test_the_share_is_of_the_old_text() -> None:
    assert changed_share("a b c d", "a b x d") == 0.25
    assert changed_share("a b", "") == 2.0
    assert changed_share("a\n b", "a b") == 0.0


def test_jaccard_of_words_and_signs() -> None:
    assert jaccard("x = 1", "X = 2") == 0.5  # x and = of x, =, 1, 2
    assert jaccard("", "") == 1.0
    assert jaccard("a", "") == 0.0


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Yes.", "yes"),
        (" 1,234 ", "1234"),
        ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
        ("**42**", "42"),
        ("at 0x7f01", "at 0x9"),
    ],
)
def test_answers_that_are_the_same(one, two) -> None:
    assert normalised(one) == normalised(two)
    assert similarity(one, two) == 1.0


def test_answers_that_are_not() -> None:
    assert similarity("red blue", "red green") == pytest.approx(1 / 3)
    assert similarity(12, 13) == 0.0
    assert similarity(None, "x") == 0.0
