"""Evolution reports, every number computed by hand.

The values have ten words, so a word is a step of 0.1; the cases are c0 to c3 with outputs of one token, so a changed
output is a response change of 1 on its case, and of 1/4 in the mean.
"""

from __future__ import annotations

import pytest

from secant.search.evolution import EvolutionReport, EvolutionSettings, Point, evolution, point, response
from secant.types import CaseResult, Evaluation, SpeedUp

TEN = "a b c d e f g h i j"


def value(name: str, text: str, scores: str, outputs: str = "", parent: str = "", **fields) -> Point:
    """`scores` has a digit for each case, `-` for one that was not run; `outputs` a letter, by default the digit."""
    results = tuple(
        CaseResult(case_id=f"c{n}", score=float(score), output=(outputs or scores)[n])
        for n, score in enumerate(scores)
        if score != "-"
    )
    return Point(artifact=name, text=text, results=results, parent=parent, **fields)


def test_one_record_has_no_regime() -> None:
    assert evolution([value("x0", TEN, "0000")]) == EvolutionReport()


def test_the_numbers_of_a_step() -> None:
    # x1: one word of ten changed; c0 and c1 fixed, c2 broken, so the score goes from 2/4 to 3/4
    one = [value("x0", TEN, "0011"), value("x1", TEN.replace("a", "z"), "1101")]
    (step,) = evolution(one).transitions
    assert step.step_size == pytest.approx(0.1)
    assert step.score_change == pytest.approx(0.25)
    assert (step.fixed, step.broken, step.n) == (("c0", "c1"), ("c2",), 4)
    assert step.response_change == pytest.approx(0.75)
    assert step.sensitivity == pytest.approx(2.5)
    assert step.bend is None
    # x2: two further words; c2 repaired: +0.25, so the bend is 0; one output of four changed
    two = evolution([*one, value("x2", "z y x d e f g h i j", "1111")])
    assert two.transitions[0] == step
    last = two.transitions[1]
    assert (last.step_size, last.score_change, last.bend) == pytest.approx((0.2, 0.25, 0.0))
    assert (last.response_change, last.sensitivity) == pytest.approx((0.25, 1.25))
    assert last.before == "x1"


def test_a_step_without_a_changed_word_is_divided_by_epsilon() -> None:
    (step,) = evolution([value("x0", TEN, "0011"), value("x1", f" {TEN}\n", "0111")]).transitions
    assert step.step_size == 0
    assert step.sensitivity == pytest.approx(0.25 / 0.02)
    (wide,) = evolution(
        [value("x0", TEN, "0011"), value("x1", TEN, "0111")], EvolutionSettings(epsilon=0.5)
    ).transitions
    assert wide.sensitivity == pytest.approx(0.5)


def test_only_common_cases_count() -> None:
    (step,) = evolution([value("x0", TEN, "0-11"), value("x1", "z", "11-0")]).transitions
    assert (step.n, step.fixed, step.broken) == (2, ("c0",), ("c3",))
    (apart,) = evolution([value("x0", TEN, "00--"), value("x1", "z", "--11")]).transitions
    assert (apart.n, apart.score_change, apart.response_change, apart.sensitivity) == (0, None, None, None)
    assert apart.step_size == 1.0


# --- the regimes


def test_stagnating_is_two_steps_without_change() -> None:
    still = [value("x0", TEN, "0011"), value("x1", "z " + TEN[2:], "0011")]
    assert evolution(still).regime == "progressing"  # one step is too few
    assert evolution([*still, value("x2", "z y " + TEN[4:], "0011")]).regime == "stagnating"
    assert evolution([*still, value("x2", "z y " + TEN[4:], "0111")]).regime == "progressing"


def test_other_answers_with_the_same_scores_are_no_stagnation() -> None:
    moving = [value("x0", TEN, "0011", "abcd"), value("x1", "z", "0011", "efcd"), value("x2", "y", "0011", "ghcd")]
    assert evolution(moving).regime == "progressing"
    assert [t.response_change for t in evolution(moving).transitions] == [0.5, 0.5]


def test_a_change_of_less_than_a_case_is_none() -> None:
    def part(name: str, text: str, score: float) -> Point:
        results = tuple(CaseResult(case_id=f"c{n}", score=score, output="same") for n in range(4))
        return Point(artifact=name, text=text, results=results)

    assert evolution([part("x0", "a", 0.5), part("x1", "b", 0.6), part("x2", "c", 0.7)]).regime == "stagnating"
    assert evolution([part("x0", "a", 0.1), part("x1", "b", 0.4), part("x2", "c", 0.7)]).regime == "progressing"


def test_oscillating_by_the_sign_of_the_score() -> None:
    report = evolution([value("x0", "a", "0011"), value("x1", "b", "0001"), value("x2", "c", "1001")])
    assert [t.score_change for t in report.transitions] == [-0.25, 0.25]
    assert (report.regime, report.flipped, report.returned) == ("oscillating", (), False)
    assert report.transitions[1].bend == 0.5


def test_no_change_opposes_nothing() -> None:
    report = evolution([value("x0", "a", "0011"), value("x1", "b", "0111"), value("x2", "c", "0111", "0112")])
    assert [t.score_change for t in report.transitions] == [0.25, 0.0]
    assert report.regime == "progressing"


def test_oscillating_by_a_value_that_comes_back() -> None:
    points = [value("x0", TEN, "0011"), value("x1", "z", "0111"), value("x2", f"{TEN} ", "0111", "abcd")]
    report = evolution(points)
    assert (report.returned, report.regime) == (True, "oscillating")
    far = evolution([*points[:2], value("x2", "z" + TEN[1:], "0111", "abcd")])
    assert (far.returned, far.regime) == (False, "progressing")
    near = evolution([*points[:2], value("x2", "z" + TEN[1:], "0111", "abcd")], EvolutionSettings(alike=0.1))
    assert near.returned


def test_a_small_edit_of_a_value_has_not_returned_to_it() -> None:
    """x1 was rejected, so x2 is made from x0 again, and close to it."""
    settings = EvolutionSettings(alike=0.1)
    points = [value("x0", TEN, "0011"), value("x1", "z", "0011", "abcd", parent="x0")]
    again = value("x2", "z" + TEN[1:], "0011", "efgh", parent="x0")
    assert not evolution([*points, again], settings).returned
    same = value("x2", TEN + "\n", "0011", "efgh", parent="x0")
    assert evolution([*points, same], settings).returned


def test_oscillating_by_cases_that_flip_back() -> None:
    # c0 and c1 fixed and c2 and c3 broken, then c0 and c2 back: two flips, and no change of the score
    report = evolution([value("x0", "a", "0011"), value("x1", "b", "1100"), value("x2", "c", "0110")])
    assert [t.score_change for t in report.transitions] == [0.0, 0.0]
    assert (report.flipped, report.regime) == (("c2", "c0"), "oscillating")
    one = evolution([value("x0", "a", "0011"), value("x1", "b", "1101"), value("x2", "c", "1111")])
    assert (one.flipped, one.regime) == (("c2",), "progressing")  # one flip is none


def test_regressing_is_more_broken_than_fixed() -> None:
    assert evolution([value("x0", "a", "0111"), value("x1", "b", "1001")]).regime == "regressing"
    assert evolution([value("x0", "a", "0111"), value("x1", "b", "1011")]).regime == "progressing"  # as many


def test_progressing_otherwise() -> None:
    report = evolution([value("x0", "a", "0001"), value("x1", "b", "0011"), value("x2", "c", "1111")])
    assert report.regime == "progressing"
    assert report.transitions[1].bend == 0.25


def test_what_changed_nothing_for_long_is_stagnation_even_where_it_oscillates() -> None:
    points = [value("x0", TEN, "0011"), value("x1", "z", "0011"), value("x2", TEN, "0011")]
    report = evolution(points)
    assert (report.returned, report.regime) == (True, "stagnating")


# --- what a response is


def test_a_function_responds_with_how_its_tests_end() -> None:
    passed = CaseResult(case_id="t", score=1.0)
    failed = CaseResult(case_id="t", score=0.0, feedback="AssertionError: 1 != 2")
    crashed = CaseResult(case_id="t", score=0.0, feedback="KeyError: 'a'", error="crash")
    assert len({str(response(r)) for r in (passed, failed, crashed)}) == 3
    assert response(CaseResult(case_id="t", score=0.0, output={"a": 1}, feedback="no")) == {"a": 1}

    def tests(name: str, text: str, result: CaseResult) -> Point:
        return Point(artifact=name, text=text, results=(result,))

    (same,) = evolution([tests("x0", "a", failed), tests("x1", "b", failed)]).transitions
    assert same.response_change == 0
    # failed none assertionerror : 1 != 2  against  failed crash keyerror : ' a: 2 of 11 tokens are shared
    (other,) = evolution([tests("x0", "a", failed), tests("x1", "b", crashed)]).transitions
    assert 0.5 < (other.response_change or 0) < 1


def test_a_refusal_is_one_more_case() -> None:
    one = value("x0", "a", "11")
    two = value("x1", "b", "11", refused="differs on f([])")
    (step,) = evolution([one, two]).transitions
    assert (step.n, step.broken, step.score_change) == (3, ("further checks",), pytest.approx(-1 / 3))
    assert evolution([one, two]).regime == "regressing"


# --- speed


def timed(name: str, ratio: float) -> Point:
    speed = SpeedUp(ratio=ratio, low=ratio, high=ratio, verdict="faster")
    passed = Evaluation(artifact_id=name, stage="tests", results=(CaseResult(case_id="t", score=1.0),))
    return point([passed, Evaluation(artifact_id=name, stage="speed", speed=speed)], artifact=name, text=name)


def test_where_speed_is_measured_the_share_of_time_saved_is_the_score() -> None:
    report = evolution([timed("x0", 1.0), timed("x1", 2.0), timed("x2", 4.0)])
    assert [t.score_change for t in report.transitions] == pytest.approx([0.5, 0.25])
    assert [t.response_change for t in report.transitions] == pytest.approx([0.5, 0.25])
    assert report.transitions[1].bend == pytest.approx(-0.25)
    assert report.regime == "progressing"


def test_regimes_of_speed() -> None:
    assert evolution([timed("x0", 2.0), timed("x1", 1.0)]).regime == "regressing"
    assert evolution([timed("x0", 2.0), timed("x1", 2.01), timed("x2", 2.02)]).regime == "stagnating"
    assert evolution([timed("x0", 2.0), timed("x1", 1.0), timed("x2", 2.0)]).regime == "oscillating"


def test_a_point_joins_what_was_measured() -> None:
    fit = Evaluation(artifact_id="x", stage="cases", split="fit", results=(CaseResult(case_id="f", score=0.5),))
    refused = Evaluation(artifact_id="x", stage="behaviour", rejected=True, note="differs")
    made = point([fit, refused], artifact="x", text="t")
    assert ([r.case_id for r in made.results], made.saved, made.refused) == (["f"], None, "differs")


def test_a_report_is_plain_data() -> None:
    report = evolution([value("x0", "a", "0011"), value("x1", "b", "0111")])
    assert EvolutionReport.model_validate(report.model_dump(mode="json")) == report
