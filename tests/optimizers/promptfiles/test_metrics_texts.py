"""Metrics that compare texts, numbers and letters; the metric of a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import JsonValue

from secant.errors import BadRequest
from secant.promptfiles.evaldata.rows import CheckSpec, EvalData, Row
from secant.promptfiles.metrics.choosing import Surroundings, metric_for, require_judgeable
from secant.promptfiles.metrics.contract import Answer, Grade
from secant.promptfiles.metrics.numbers import last_number

HERE = Surroundings(Path())


def row(expected: JsonValue = None, *checks: CheckSpec) -> Row:
    return Row(id="1", path="d.jsonl", line=3, fields={"input": "?"}, expected=expected, checks=checks)


def data(*rows: Row, checks: tuple[CheckSpec, ...] = ()) -> EvalData:
    return EvalData(paths=("d.jsonl",), rows=rows, checks=checks, digest="")


def graded(metric: str, output: str, expected: JsonValue) -> Grade:
    case = row(expected)
    (grade,) = metric_for(metric, data=data(case), surroundings=HERE).grade([Answer(case, output)])
    return grade


def checked(output: str, *checks: CheckSpec, expected: JsonValue = "x") -> Grade:
    case = row(expected, *checks)
    (grade,) = metric_for("", data=data(case), surroundings=HERE).grade([Answer(case, output)])
    return grade


@pytest.mark.parametrize(
    ("metric", "output", "expected", "score"),
    [
        ("exact", " a  b\nc ", "a b c", 1),
        ("exact", "Sorted.\n\n**Answer:** a b c", "a b c", 1),
        ("exact:strict", "Answer: a b c", "a b c", 0),
        ("exact", "A", "a", 0),
        ("iexact", "A", "a", 1),
        ("exact", "```\na\n```", "a", 1),
        ("exact", "not a", "a", 0),
        ("exact", "b", ["a", "b"], 1),
        ("exact", '{"x": 1, "y": [true]}', {"y": [True], "x": 1.0}, 1),
        ("exact", '{"x": 1}', {"x": True}, 0),
        ("exact", "True", True, 1),
        ("exact", "16", 16, 1),
        ("exact", "", "a", 0),
        ("contains", "so it is blue.", "blue", 1),
        ("contains", "so it is Blue.", "blue", 0),
        ("icontains", "so it is Blue.", "blue", 1),
        ("contains-all", "a and b", ["a", "b"], 1),
        ("contains-all", "a and c", ["a", "b"], 0),
        ("contains-any", "a and c", ["x", "c"], 1),
        ("icontains-any", "A", ["x", "a"], 1),
        ("icontains-all", "A", ["x", "a"], 0),
        ("starts-with", "  Dear all", "Dear", 1),
        ("starts-with", "Oh dear", "Dear", 0),
        ("ends-with", "the end. \n", "end.", 1),
        ("contains:yes", "oh yes", None, 1),
    ],
)
def test_texts(metric: str, output: str, expected: JsonValue, score: float) -> None:
    grade = graded(metric, output, expected)
    assert grade.score == score
    assert (grade.feedback == "") == (score == 1)


@pytest.mark.parametrize(
    ("expected", "output", "feedback"),
    [
        ("a b c d", "a c b d", 'expected "a b c d", got "a c b d": the words are right, their order is not: '
         'word 2 is "c", not "b"'),
        ("a b c d", "a b d", 'expected "a b c d", got "a b d": word 3 is "d", not "c"; missing: "c"'),
        ("a b c", "a b c d", 'expected "a b c", got "a b c d": it goes on after word 3 with "d"; too much: "d"'),
        ("a b c", "A b c", 'expected "a b c", got "A b c": only capitals differ'),
        ("yes", "", 'expected "yes", the answer is empty'),
        ("yes", "no", 'expected "yes", got "no"'),
    ],
)  # fmt: skip
def test_feedback_says_where_texts_part(expected: str, output: str, feedback: str) -> None:
    assert graded("exact", output, expected).feedback == feedback


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-5", "-5"),
        ("5-3", "3"),
        ("3 - 5", "5"),
        ("12.5", "12.5"),
        ("$1,234.50", "1234.5"),
        ("3/4", "0.75"),
        ("1 1/2 cups", "1.5"),
        ("\\frac{3}{4}", "0.75"),
        ("**18**", "18"),
        ("18.", "18"),
        ("12km", "12"),
        ("1.5e3", "1500"),
        ("x = −0.5.", "-0.5"),
        ("of 1,2", "2"),
        ("-$4", "-4"),
        ("none", None),
        ("gpt4", None),
        ("7/0", None),
        ("9" * 80, None),
    ],
)
def test_the_last_number_of_a_text(text: str, value: str | None) -> None:
    found = last_number(text)
    assert (found and float(found.value)) == (None if value is None else float(value))


@pytest.mark.parametrize(
    ("expected", "output", "score", "error"),
    [
        (16, "8 boys and 8 girls.\nAnswer: 16", 1, "none"),
        ("She has <<3+5=8>>8.\n#### 8", "it is 8.0", 1, "none"),
        (0, "I cannot tell", 0, "parse"),  # the published metric counts this as right
        (12, "12.5", 0, "none"),
        (5, "-5", 0, "none"),
        ("0.25", "25 %", 1, "none"),
        (25, "25%", 1, "none"),
        ("25%", "0.25", 1, "none"),
        ("1/3", "0.3333333333333", 1, "none"),
        ("1/3", "0.33", 0, "none"),
        (7, "Answer: 7 (of 12)", 0, "none"),
        (7, "Answer: 7\nI checked it 3 times.", 1, "none"),
    ],
)
def test_numbers(expected: JsonValue, output: str, score: float, error: str) -> None:
    grade = graded("numeric", output, expected)
    assert (grade.score, grade.error) == (score, error)


def test_numbers_within_a_tolerance() -> None:
    assert graded("numeric:0.01", "0.33", "1/3").score == 1
    assert graded("numeric", "13", 12).feedback == "expected 12, the last number is 13"
    with pytest.raises(BadRequest, match="the tolerance of numeric is no number"):
        graded("numeric:wide", "1", 1)


@pytest.mark.parametrize(
    ("output", "letter"),
    [
        ("Answer: C", "C"),
        ("Answer: (c)", "C"),
        ("Answer: C) because A is wrong", "C"),
        ("The answer is (B).", "B"),
        ("(A) and (B) are wrong.\n\n**D**", "D"),
        ("so $\\boxed{D}$", "D"),
        ("C. True, False", "C"),
        ("c", "C"),
        ("It must be (A)", "A"),
        ("I think C because A is wrong", None),
        ("Answer: A or B", None),
        ("Answer: (B) or (C)", None),
        ("Answer: C or D", None),
        ("Answer: a cat", None),
        ("(A) or (B)", None),
        ("", None),
    ],
)
def test_choices(output: str, letter: str | None) -> None:
    grade = graded("choice", output, "(C)")
    assert grade.extracted == letter
    assert grade.score == (letter == "C")
    assert grade.error == ("parse" if letter is None else "none")


def test_edges_that_ignore_capitals_as_githubs_do() -> None:
    for kind, text in (("starts-with", "dear Ann"), ("ends-with", "Oh DEAR")):
        assert checked(text, CheckSpec(kind=kind, value="Dear", options={"ignore_case": True})).score == 1
        assert checked(text, CheckSpec(kind=kind, value="Dear")).score == 0


def test_an_unknown_metric_has_near_names() -> None:
    with pytest.raises(BadRequest, match="there is no metric named nummeric\nDid you mean numeric") as raised:
        metric_for("nummeric", data=data(row("1")), surroundings=HERE)
    assert "json-schema" in str(raised.value)


def test_cases_that_a_metric_cannot_judge_are_named() -> None:
    made = data(row("12"), row(), row("twelve"))
    metric = metric_for("numeric", data=made, surroundings=HERE)
    with pytest.raises(BadRequest, match=r"d.jsonl:3: this case cannot be judged .* it has no expected answer \(so do"):
        require_judgeable(metric, made.rows)
    assert metric.objection(row("twelve")) == 'there is no number in its expected answer "twelve"'
    require_judgeable(metric, made.rows[:1])


def test_checks_of_a_row_are_weighted() -> None:
    grade = checked(
        "blue whale",
        CheckSpec(kind="contains", value="blue", weight=3),
        CheckSpec(kind="contains", value="red", weight=1),
    )
    assert grade.score == 0.75
    assert grade.feedback == 'it does not contain "red"; it says "blue whale"'


def test_a_negated_check_passes_where_it_would_fail() -> None:
    denied = CheckSpec(kind="contains", value="sorry", negate=True)
    assert checked("here you are", denied).score == 1
    grade = checked("sorry, no", denied)
    assert (grade.score, grade.feedback) == (0, 'it must not pass the check contains "sorry", and it does')


def test_what_cannot_be_judged_is_no_success_of_the_contrary() -> None:
    grade = checked("none", CheckSpec(kind="numeric", value=4, negate=True))
    assert (grade.score, grade.error) == (0, "parse")


def test_rows_with_and_without_checks_of_their_own() -> None:
    own, plain = row("x", CheckSpec(kind="contains", value="blue")), row("red")
    metric = metric_for("", data=data(own, plain), surroundings=HERE)
    assert metric.name == "exact"
    assert [grade.score for grade in metric.grade([Answer(own, "blue x"), Answer(plain, "red")])] == [1, 1]
    free = row(None, CheckSpec(kind="contains", value="blue"))
    by_answer = metric_for("", data=data(free, plain, checks=(CheckSpec(kind="icontains"),)), surroundings=HERE)
    assert [by_answer.objection(each) for each in (free, plain)] == ["", ""]
    assert [grade.score for grade in by_answer.grade([Answer(free, "blue x"), Answer(plain, "b")])] == [1, 0]
    always = metric_for(
        "", data=data(own, plain, checks=(CheckSpec(kind="starts-with", value="r"),)), surroundings=HERE
    )
    assert [grade.score for grade in always.grade([Answer(own, "blue x"), Answer(plain, "rot")])] == [0.5, 1]
