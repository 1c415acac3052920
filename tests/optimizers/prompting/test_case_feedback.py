"""What was measured, in words: bounded, without repetition, in order, and it says what it leaves out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from secant.prompting.exemplars import exemplar
from secant.prompting.feedback import FeedbackLimits, digest, feedback
from secant.prompting.measure import first_line, shortened, tokens
from secant.types import Case, CaseResult, Evaluation


def evaluation(*results: CaseResult, **fields) -> Evaluation:
    return Evaluation(artifact_id="x", stage="cases", results=results, **fields)


def failed(name: str, feedback: str = "", **fields) -> CaseResult:
    return CaseResult(case_id=name, score=0.0, feedback=feedback, **fields)


def test_a_failing_case_with_everything() -> None:
    case = Case(id="a", input="2 + 2", expected=4)
    told = feedback(evaluation(failed("a", "off by one", output=5, error="parse")), {"a": case})
    assert told.failing == "Case a\nInput: 2 + 2\nExpected: 4\nGot: 5\nError: parse\nFeedback: off by one"
    assert (told.passing, told.left_out) == ("", 0)


def test_feedback_that_only_repeats_expected_and_got_is_left_out() -> None:
    case = Case(id="a", input="Is it?", expected="Yes")
    plain, more = 'expected "Yes", got "no"', 'expected "yes", got "No": only capitals differ'
    assert feedback(evaluation(failed("a", plain, output="no")), {"a": case}).failing.endswith("Expected: Yes\nGot: no")
    assert feedback(evaluation(failed("a", more, output="No")), {"a": case}).failing.endswith(f"\nFeedback: {more}")


def test_a_case_shows_what_a_prompt_led_to() -> None:
    case = Case(id="a", input={"ticket": "Is it?"}, expected="Yes")
    asked = "Input: Is it?\nExpected: Yes"
    wrong, right = failed("a", 'expected "Yes", got "no"', output="no"), CaseResult(case_id="a", score=1, output="Yes")
    assert exemplar(case, 99) == asked
    assert exemplar(case, 99, right) == f"{asked}\nGot (right): Yes"
    assert exemplar(case, 99, wrong) == f"{asked}\nGot (wrong): no"
    half = CaseResult(case_id="a", score=0.5, output="yes", feedback="only capitals differ")
    assert exemplar(case, 99, half) == f"{asked}\nGot (score 50): yes\nFeedback: only capitals differ"
    assert exemplar(case, 99, failed("a", error="timeout")) == f"{asked}\nGot (wrong): no answer, timeout"


def test_texts_of_several_lines_stand_below_their_label() -> None:
    told = feedback(evaluation(failed("a", "one\ntwo\n")), {})
    assert told.failing == "Case a\nFeedback:\none\ntwo"


def test_partial_scores_are_told() -> None:
    assert feedback(evaluation(CaseResult(case_id="a", score=0.25)), {}).failing == "Case a (score 0.25)"


def test_the_same_failure_is_told_once() -> None:
    told = feedback(evaluation(failed("a", "No at 0x7f"), failed("b", "other"), failed("c", "no at 0x80")), {})
    assert told.failing == ("Case a\nFeedback: No at 0x7f\nThe same in 1 more: c\n\nCase b\nFeedback: other")
    other_inputs = {"a": Case(id="a", input=1), "c": Case(id="c", input=2)}
    assert "The same" not in feedback(evaluation(failed("a", "no"), failed("c", "no")), other_inputs).failing


def test_the_names_of_many_are_counted() -> None:
    told = feedback(evaluation(*(failed(f"t{n}", "no") for n in range(9))), {}, FeedbackLimits(names=2))
    assert told.failing.endswith("The same in 8 more: t1, t2 and 6 more")


def test_what_does_not_fit_is_counted_and_named() -> None:
    many = evaluation(*(failed(f"t{n}", f"failure {'abcdefghijklmn'[n]}") for n in range(12)))
    told = feedback(many, {}, FeedbackLimits(cases=2, names=3))
    assert told.left_out == 10
    assert told.failing.count("Case ") == 2
    assert told.failing.endswith("Left out here: 10 more failing cases (t2, t3, t4 and 7 more).")
    small = feedback(many, {}, FeedbackLimits(tokens=50))
    assert small.failing.count("Case ") + small.left_out == 12
    assert small.left_out > 0


def test_every_test_is_told_before_further_parameters_of_one() -> None:
    many = [failed(f"one[{n}]", f"failure {'abcdef'[n]}") for n in range(6)]
    told = feedback(evaluation(*many, failed("two", "other")), {}, FeedbackLimits(cases=3))
    assert [line for line in told.failing.splitlines() if line.startswith("Case")] == [
        "Case one[0]",
        "Case one[1]",
        "Case two",
    ]
    assert told.left_out == 4


def test_what_parameters_have_in_common_is_told_once() -> None:
    source = "The test:\ndef test_one(n):\n    assert f(n)"
    told = feedback(evaluation(failed("one[0]", f"a != b\n{source}"), failed("one[1]", f"c != d\n{source}")), {})
    assert told.failing.count("def test_one") == 1
    assert told.failing.endswith("Case one[1]\nFeedback:\nc != d\n(The rest is as in case one[0].)")
    other = feedback(evaluation(failed("one", f"a\n{source}"), failed("two", f"b\n{source}")), {})
    assert other.failing.count("def test_one") == 2  # another test may only look alike


def test_passing_cases_are_samples() -> None:
    passed = [CaseResult(case_id=f"p{n}", score=1.0, output=n) for n in range(5)]
    told = feedback(evaluation(*passed), {"p0": Case(id="p0", input="x")}, FeedbackLimits(passing=2))
    assert told.passing == "p0: x -> 0\np1 -> 1\nand 3 more"
    assert told.failing == ""
    assert feedback(evaluation(*passed), {}, FeedbackLimits(passing=0)).passing == ""


_RESULTS = st.lists(
    st.builds(
        CaseResult,
        case_id=st.sampled_from("abcdefgh"),
        score=st.sampled_from([0.0, 0.5, 1.0]),
        feedback=st.text(max_size=400),
        output=st.none() | st.text(max_size=50),
    ),
    max_size=8,
)


@given(_RESULTS, st.integers(50, 400))
def test_it_is_bounded_and_every_case_is_accounted_for(results: list[CaseResult], most: int) -> None:
    told = feedback(evaluation(*results), {}, FeedbackLimits(tokens=most, case_tokens=20, names=8))
    assert tokens(told.failing) <= most + 60  # and a line that says what is left out
    assert told == feedback(evaluation(*results), {}, FeedbackLimits(tokens=most, case_tokens=20, names=8))
    failing = sum(r.score < 1 for r in results)
    assert 0 <= told.left_out <= failing
    assert bool(told.failing) == bool(failing)


def test_a_digest_is_a_line_or_a_few() -> None:
    two = evaluation(failed("a", "\nfirst line\nsecond"), failed("b", "other"), CaseResult(case_id="c", score=1.0))
    assert digest(two) == "a: first line (and 1 more)"
    assert digest(two, 2) == "a: first line\nb: other"
    assert digest(evaluation(failed("a"))) == "a failed"
    assert digest(evaluation(failed("a", output=3))) == "a: got 3"
    assert digest(evaluation(rejected=True, note="differs on f([])")) == "not accepted: differs on f([])"
    assert digest(evaluation(failed("a", "no"), failed("b", "No."))) == "a: no"


@given(st.text(max_size=3000), st.integers(20, 200))
def test_a_shortened_text_says_what_is_missing(text: str, most: int) -> None:
    short = shortened(text, most)
    if tokens(text) <= most:
        assert short == text
    else:
        assert "characters left out" in short
        assert tokens(short) <= most + 12


def test_beginning_and_end_stay() -> None:
    text = "\n".join(f"line {n}" for n in range(500))
    short = shortened(text, 100)
    assert short.startswith("line 0\nline 1\n")
    assert short.endswith("line 498\nline 499")


def test_first_line() -> None:
    assert first_line("\n  \n one \ntwo") == "one"
    assert first_line("x" * 300, 10) == "xxxxxxxxx…"
    assert first_line("") == ""
