"""Splits: disjoint, complete, the same for the same seed, and in proportion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from secant.errors import BadRequest
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.splits import FEWEST, split
from secant.types import Split

NAMES: tuple[Split, ...] = ("fit", "select", "report")
IDEAL = {"fit": 0.4, "select": 0.3, "report": 0.3}


def row(number: int, label: object = None, place: Split | None = None, text: str | None = None) -> Row:
    return Row(
        id=str(number),
        path="d.jsonl",
        line=number,
        fields={"input": text or f"question {number}"},
        expected=label if label is None else str(label),
        split=place,
    )


def rows(count: int, labels: int = 0) -> list[Row]:
    return [row(n, n % labels if labels else f"answer {n}") for n in range(1, count + 1)]


def ids(cases: Sequence[Row]) -> set[str]:
    return {case.id for case in cases}


@settings(max_examples=40)
@given(st.integers(FEWEST, 120), st.integers(0, 8), st.integers(0, 5), st.randoms())
def test_whatever_the_rows_the_splits_are_disjoint_and_complete(
    count: int, labels: int, seed: int, random: Random
) -> None:
    made = rows(count, labels)
    splits = split(made, seed=seed).splits
    assert sum(len(splits[name]) for name in NAMES) == count
    assert set.union(*(ids(splits[name]) for name in NAMES)) == ids(made)
    shuffled = random.sample(made, count)
    assert {name: ids(splits[name]) for name in NAMES} == {
        name: ids(split(shuffled, seed=seed).splits[name]) for name in NAMES
    }
    for name in NAMES:
        assert abs(len(splits[name]) - IDEAL[name] * count) <= (1 if count > 20 else 2)
        assert len(splits[name]) >= 2


@settings(max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=10, max_size=75), st.integers(0, 3))
def test_few_labels_are_spread_in_proportion(labels: list[int], seed: int) -> None:
    """Of each label a split has its share, rounded down or up; the splits as a whole have theirs."""
    labels = labels * 2  # each at least twice
    assume(len(set(labels)) > 1)
    made = [row(n, label) for n, label in enumerate(labels, start=1)]
    splits = split(made, seed=seed).splits
    aside = round(0.3 * len(made))
    sizes = {"fit": len(made) - 2 * aside, "select": aside, "report": aside}
    for name in NAMES:
        assert abs(len(splits[name]) - sizes[name]) <= 1
        for label, count in Counter(labels).items():
            got = sum(case.expected == str(label) for case in splits[name])
            assert abs(got - count * sizes[name] / len(made)) < 1


def test_another_seed_is_another_split() -> None:
    made = rows(40)
    assert split(made, seed=1).splits == split(made, seed=1).splits
    assert split(made, seed=1).splits["report"] != split(made, seed=2).splits["report"]


def test_appended_rows_move_few() -> None:
    before, after = split(rows(100), seed=0).splits, split(rows(110), seed=0).splits
    moved = [n for name in NAMES for n in ids(before[name]) - ids(after[name])]
    assert len(moved) <= 15


def test_fewer_than_eight_cases_are_all_used_and_none_is_put_aside() -> None:
    made = rows(FEWEST - 1)
    division = split(made, seed=0)
    assert division.shared
    assert division.splits == {"fit": tuple(made), "select": tuple(made), "report": ()}
    eight = split(rows(FEWEST), seed=0)
    assert not eight.shared
    assert [len(eight.splits[name]) for name in NAMES] == [2, 3, 3]


def test_what_the_data_says_is_respected() -> None:
    made = [row(1, place="fit"), row(2, place="select"), row(3, place="report"), row(4)]
    splits = split(made, seed=0).splits
    assert [ids(splits[name]) for name in NAMES] == [{"1", "4"}, {"2"}, {"3"}]


def test_a_missing_select_is_taken_from_fit() -> None:
    made = [*(row(n, place="fit") for n in range(14)), row(99, place="report")]
    splits = split(made, seed=0).splits
    assert [len(splits[name]) for name in NAMES] == [8, 6, 1]


def test_report_rows_of_their_own_leave_the_rest_to_fit_and_select() -> None:
    splits = split(rows(70), seed=0, report_rows=[row(100, "x"), row(101, "y")]).splits
    assert [len(splits[name]) for name in NAMES] == [40, 30, 2]
    with pytest.raises(BadRequest, match="every case is for the report"):
        split([], seed=0, report_rows=[row(1)])


def test_the_same_question_never_stands_in_two_splits() -> None:
    made = [row(n, f"answer {n}", text=f"question {n // 2}") for n in range(60)]
    splits = split(made, seed=0).splits
    asked = [{case.fields["input"] for case in splits[name]} for name in NAMES]
    assert sum(map(len, asked)) == len(set.union(*asked)) == 30  # type: ignore[arg-type]
    assert sum(len(splits[name]) for name in NAMES) == 60


def test_a_question_of_the_report_is_asked_nowhere_else() -> None:
    made = [*rows(20), row(50, text="question 7")]
    division = split(made, seed=0, report_rows=[row(99, text="question 7")])
    assert ids(division.splits["report"]) == {"99"}
    assert division.notices == (
        "d.jsonl:7: this input is a case of the report split as well; it is left out (so are 1 more)",
    )


def test_fields_that_no_prompt_sees_do_not_tell_questions_apart() -> None:
    made = [
        Row(id=str(n), path="d", line=n, fields={"input": f"q{n // 2}", "solution": f"by {n}"}, expected="1")
        for n in range(40)
    ]
    splits = split(made, seed=0).splits
    asked = [{case.fields["input"] for case in splits[name]} for name in NAMES]
    assert not asked[0] & asked[1] and not asked[0] & asked[2] and not asked[1] & asked[2]
