"""Alternatives are told apart by what they do, not by their text."""

from __future__ import annotations

from secant.events import Alternative, TestCount
from secant.functions.telling import distinct

DIFFERS = ({"call": "f(1)", "winner": "2", "alternative": "3"},)


def alternative(rationale: str, differs: tuple[dict[str, str], ...] = ()) -> Alternative:
    return Alternative(
        artifact="a", source="", diff="", rationale=rationale, tests=TestCount(passed=1, total=1), differs=differs
    )


def test_the_same_changes_in_another_order_are_one_alternative() -> None:
    one, again = alternative("keeps a set; sums at once"), alternative("sums at once; keeps a set")
    assert distinct("sorts", [one, again]) == (one,)
    assert distinct("sums at once; keeps a set", [one]) == ()


def test_what_behaves_otherwise_or_does_less_is_another_alternative() -> None:
    less, elsewhere = alternative("keeps a set"), alternative("keeps a set; sums at once", DIFFERS)
    assert distinct("keeps a set; sums at once", [less, elsewhere]) == (less, elsewhere)


def test_what_nobody_has_put_into_words_is_never_taken_for_the_same() -> None:
    silent = [alternative(""), alternative("")]
    assert distinct("", silent) == tuple(silent)
