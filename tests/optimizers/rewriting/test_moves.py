"""The ordered spaces of edits: what is in each, in which order, and that a phase repeats nothing of an earlier one."""

from __future__ import annotations

import ast
from itertools import zip_longest

from secant.rewriting.facts import Facts
from secant.rewriting.moves import Improver, Move, RepairPhase, Space, faster, moves

TEXT = "def clamp(value, low, high):\n    if value < low:\n        return low\n    return high\n"
PARTLY = TEXT.replace("value < low", "value <= low")
OTHER = TEXT.replace("return high", "return value")
SLOW = """def shared(xs, ys):
    found = []
    for x in xs:
        if x in ys:
            found.append(x)
    return found
"""
FACTS = Facts()


def space(phase: RepairPhase, *improvers: Improver, most: int = 5) -> Space:
    return Space(phase, TEXT, FACTS.model_dump_json(), improvers, most)


def taken(asked: Space, size: int = 10_000) -> list[Move]:
    return list(moves(asked).stretch(0, size))


def texts(found: list[Move]) -> list[str]:
    return [move.candidate().text for move in found]


def test_single_edits_come_the_likeliest_first_and_the_text_itself_never() -> None:
    found = taken(space("lite"))
    assert [move.prior for move in found] == sorted((move.prior for move in found), reverse=True)
    assert {PARTLY, OTHER} <= set(texts(found))
    assert TEXT not in texts(found)
    assert all(len(move.edits) == 1 for move in found)
    for text in texts(found):
        ast.parse(text)


def test_the_full_catalogue_leaves_out_what_was_tried_already() -> None:
    lite, full = texts(taken(space("lite"))), texts(taken(space("full")))
    assert full
    assert not set(full) & set(lite)


def test_second_edits_take_turns_among_the_partial_repairs_and_tell_both_steps() -> None:
    improvers = (Improver(text=PARTLY, passed=2, note="first"), Improver(text=OTHER, passed=1, note="other"))
    found = taken(space("seconds", *improvers))
    assert [move.base for move in found] == [PARTLY, OTHER] * 5
    alone = [taken(Space("lite", text, FACTS.model_dump_json(), (), 5), 5) for text in (PARTLY, OTHER)]
    expected = [move for pair in zip_longest(*alone) for move in pair]
    assert texts(found) == texts(expected)
    assert [move.prior for move in found] == [move.prior / 2 for move in expected]
    assert found[0].candidate().note == f"first; {expected[0].candidate().note}"


def test_without_partial_repairs_there_are_no_second_edits() -> None:
    assert taken(space("seconds")) == []


def test_pairs_are_two_edits_of_the_seed_and_no_more_than_wanted() -> None:
    found = taken(space("pairs", most=40))
    assert len(found) == 40
    for move in found:
        first, second = move.edits
        assert move.base == TEXT
        assert move.prior == first.prior * second.prior
        ast.parse(move.candidate().text)
    assert not set(texts(found)) & {TEXT}


def test_a_space_is_enumerated_once() -> None:
    assert moves(space("lite")) is moves(space("lite"))
    assert moves(space("lite")) is not moves(space("full"))


def test_faster_texts_say_what_they_do_and_come_by_expectation() -> None:
    found = list(faster(SLOW, Facts(variable_types={"xs": ("list",), "ys": ("list",), "x": ("int",)})))
    ruled = [candidate for candidate in found if not candidate.note.startswith("ruff")]
    assert ruled[0].note == "looks up ys in a set"
    assert "set(ys)" in ruled[0].text
    assert [candidate.prior for candidate in ruled] == sorted((c.prior for c in ruled), reverse=True)
    assert len({candidate.text for candidate in ruled}) == len(ruled)
