"""Which earlier texts are shown: the most alike last, without repetitions, within some tokens."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.search.retrieval import Alike, Corpus, Retrieval, relevant

PLAIN = Retrieval(most=9, tokens=1_000, relevance=1.0, same=1.0)
TEXTS = [
    "Translate the sentence into French.",
    "Sort the words by the alphabet, and give nothing else.",
    "Sort the words alphabetically. Give nothing else.",
    "Count the objects in the list.",
]
CURRENT = "Sort the words alphabetically, separated by spaces."


def corpus(texts: Sequence[str], costs: Sequence[int] = ()) -> Corpus:
    known = Corpus()
    for text, cost in zip(texts, costs or [1] * len(texts), strict=True):
        known.add(text, cost)
    return known


def tfidf(texts: Sequence[str]) -> Alike:
    return corpus(texts).tfidf(range(len(texts)))


def shown(current: str, texts: Sequence[str], costs: Sequence[int], settings: Retrieval) -> list[int]:
    return relevant(corpus([*texts, current], [*costs, 1]), len(texts), settings)


def test_the_most_alike_stands_last() -> None:
    alike = tfidf([*TEXTS, CURRENT])
    order = shown(CURRENT, TEXTS, [1] * 4, PLAIN)
    likeness = [alike(n, 4) for n in order]
    assert likeness == sorted(likeness)
    assert len(set(likeness)) == 4
    assert order[-2:] == [1, 2]


def test_rare_words_count_more_than_common_ones() -> None:
    alike = tfidf(["sort the logs", "sort the maps", "rank the logs", "sort the jobs", "sort the keys"])
    assert alike(0, 2) > alike(0, 1)  # `logs` is rarer than `sort`


def test_of_texts_that_say_the_same_one_is_shown() -> None:
    texts = [TEXTS[2], TEXTS[2].replace("Give", "give"), TEXTS[0]]
    assert shown(CURRENT, texts, [1] * 3, PLAIN.model_copy(update={"same": 0.98})) == [2, 1]
    assert len(shown(CURRENT, texts, [1] * 3, PLAIN.model_copy(update={"same": 1.0, "most": 2}))) == 2


def test_variety_counts_where_it_is_wanted() -> None:
    texts = ["sort words fast now", "sort words fast then", "words in a list"]
    two = PLAIN.model_copy(update={"most": 2})
    assert set(shown("sort words fast", texts, [1] * 3, two)) == {0, 1}
    assert 2 in shown("sort words fast", texts, [1] * 3, two.model_copy(update={"relevance": 0.4}))


def test_what_is_too_long_is_passed_over() -> None:
    tight = PLAIN.model_copy(update={"tokens": 10})
    assert shown(CURRENT, TEXTS, [3, 4, 11, 3], tight) == sorted([0, 1, 3], key=[3, 0, 1].index)
    assert shown(CURRENT, TEXTS, [11] * 4, tight) == []
    assert shown(CURRENT, [], [], PLAIN) == []


def test_only_what_has_most_in_common_is_weighed() -> None:
    many = [f"Sort the words number {n}, then stop." for n in range(40)] + TEXTS
    assert shown(CURRENT, many, [1] * len(many), PLAIN.model_copy(update={"most": 2})) == [41, 42]
    costs = [2 if text in TEXTS else 1 for text in many]
    two = PLAIN.model_copy(update={"most": 1, "tokens": 1})
    assert shown(CURRENT, many, costs, two) == [9]  # the later of those with the fewest n-grams of their own


def test_a_text_counts_from_when_it_is_known() -> None:
    known = corpus(["sort the logs", "sort the maps"])
    before = known.tfidf(range(2))(0, 1)
    known.add("sort the jobs", 1)
    assert known.tfidf(range(2))(0, 1) < before  # what all have in common weighs less beside `logs`


def _run(code: str, seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_likeness_is_the_same_in_every_process() -> None:
    said = (
        "from secant.search.retrieval import Corpus\nknown = Corpus()\n"
        f"for text in {[*TEXTS, CURRENT]!r}: known.add(text, 1)\nprint(known.tfidf(range(5))(1, 4).hex())"
    )
    told = {_run(said, seed) for seed in ("1", "2")}
    assert told == {f"{tfidf([*TEXTS, CURRENT])(1, 4).hex()}\n"}


texts = st.lists(st.text(max_size=40), min_size=1, max_size=6)


@given(texts)
def test_likeness_is_a_cosine(many: list[str]) -> None:
    alike = tfidf(many)
    for one in range(len(many)):
        for two in range(len(many)):
            assert 0 <= alike(one, two) <= 1
            assert alike(one, two) == pytest.approx(alike(two, one))
        assert alike(one, one) == (pytest.approx(1) if many[one].split() else 0)


@given(texts, st.integers(0, 5), st.integers(0, 30))
def test_never_more_than_is_asked_for(many: list[str], most: int, tokens: int) -> None:
    costs = [len(text) for text in many]
    settings = Retrieval(most=most, tokens=tokens, relevance=0.7, same=0.97)
    chosen = shown("now", many, costs, settings)
    assert len(chosen) == len(set(chosen)) <= most
    assert sum(costs[n] for n in chosen) <= tokens
