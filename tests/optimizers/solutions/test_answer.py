"""Answers taken out of texts, their normal form, and votes over them."""

from __future__ import annotations

import pytest

from secant.errors import BadRequest
from secant.solutions.answer import AnswerPattern, normal, same
from secant.solutions.vote import vote


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Answer: 42", "42"),
        ("Answer: 41\nNo.\nanswer:  42 \nend", "42"),
        ("**Answer:** 42", "42"),
        ("**Answer: 42**", "42"),
        ("> ## Answer: $\\frac{1}{2}$", "\\frac{1}{2}"),
        ("Answer：七", "七"),
        ("Answer: `x`", "x"),
        ("Answer:\n42", None),
        ("Answer: **", None),
        ("The answer is: 42", None),
        ("", None),
    ],
)
def test_the_default_is_the_last_answer_line(text: str, answer: str | None) -> None:
    assert AnswerPattern().find(text) == answer


@pytest.mark.parametrize(
    ("expression", "answer"),
    [(r"x = (\d+)", "3"), (r"\d+", "14"), (r"x = (\d+)?", "3"), (r"^y", None), (r"(q)?14", None)],
)
def test_an_expression_gives_its_last_match(expression: str, answer: str | None) -> None:
    assert AnswerPattern(expression).find("x = 2\nx = 3, p = 14") == answer


@pytest.mark.parametrize("expression", ["(", "a{99999999999}", "(" * 9_000 + ")" * 9_000])
def test_what_is_no_expression_is_named(expression: str) -> None:
    with pytest.raises(BadRequest, match="no regular expression"):
        AnswerPattern(expression)


def test_a_search_that_would_never_end_is_given_up_and_said() -> None:
    pattern = AnswerPattern("(a+)+$", seconds=0.2)
    endless = "a" * 60 + "b"
    assert pattern.find(endless) is None
    assert pattern.trouble(endless) == "looking for (a+)+$ in it took longer than 0.2 s and was given up"
    assert (pattern.find("baa"), pattern.trouble("baa")) == ("aa", "")


def test_the_default_takes_no_longer_than_the_text_is_long() -> None:
    spaces = " " * 200_000
    assert AnswerPattern().find(f"Answer: x{spaces}y") == f"x{spaces}y"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("42", "42.0"),
        ("1,234.50", "1234.5"),
        ("+3", "3."),
        ("−3", "-3"),
        ("1/2", "0.5"),
        ("2 / 4", ".5"),
        ("1e3", "1000"),
        ("$42$", "42"),
        ("\\boxed{42}", "42"),
        ("(C)", "c"),
        ("C.", "**C**"),
        ("B)", "[b]"),
        ("Blue  whale.", "blue\nwhale"),
        ("STRASSE", "straße"),
    ],
)
def test_answers_that_are_the_same(first: str, second: str) -> None:
    assert same(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [("42", "-42"), ("12.5", "12"), ("1,23", "123"), ("a", "ab"), ("50%", "50"), ("1/0", "1"), ("0", ""), ("x", "X y")],
)
def test_answers_that_are_not(first: str, second: str) -> None:
    assert not same(first, second)


def test_what_was_not_found_is_the_same_as_nothing() -> None:
    assert not same(None, None)
    assert normal(None) is None
    assert normal("  **  ") is None


@pytest.mark.parametrize("text", ["1e999999999", "9" * 100_000, "1" + "0" * 61, "1e-99"])
def test_numbers_of_any_size_have_a_normal_form(text: str) -> None:
    assert normal(text)


def test_the_most_frequent_answer_wins_in_its_first_voters_words() -> None:
    result = vote(["41", "42.0", "42", None, "42."])
    assert (result.answer, result.first, result.votes, result.voters, result.silent) == ("42.0", 1, 3, 4, 1)
    assert str(result) == "42.0 (3 of 4; 1 without an answer did not vote)"


def test_texts_without_an_answer_never_win() -> None:
    assert vote([None, None, None, "7"]).answer == "7"
    assert vote([None, None]).answer is None
    assert str(vote([None, None])) == "none of 2 texts has an answer"
    assert vote(["none", None, "none"]).answer == "none"  # the word is an answer like any other


def test_ties_go_to_the_first_and_are_said() -> None:
    result = vote(["B", "A", "(b)", "A", "c"])
    assert (result.answer, result.tied) == ("B", ("A",))
    assert str(result) == "B (2 of 5; tied with A; the earliest counts)"
