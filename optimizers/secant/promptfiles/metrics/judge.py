"""Answers judged by a model: it reads the criterion, what went in, the answer, and what was expected.

The answer stands between tags whose suffix occurs in none of the texts, so an answer that holds a verdict, or asks for
one, stays data. A verdict that cannot be read is asked for once more; after that it is an error and no score.
(Published judges count what they cannot read as wrong: REVOLVE's word sorting takes 0 for it.) What a judge costs is
counted by the models of the run, on the level `optimizer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from secant.optimizer import Completion, LanguageModel
from secant.promptfiles.evaldata.recognition import main_input
from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.metrics.contract import Grade
from secant.promptfiles.metrics.kinds import Item, quoted, text_of
from secant.promptfiles.metrics.verdicts import Verdict, read_verdict
from secant.prompting.exemplars import shown
from secant.prompting.measure import shortened
from secant.prompting.render import Data, Prompt, Section, compose
from secant.prompting.template import SUFFIX, fill, template

PURPOSE = "judge"
_LEVEL = "optimizer"
_MOST_TOKENS = 4000
"""Of the answer, and of each other text that is shown."""
_WORDS = "60"
_BATCH = 1000


class _Asked(NamedTuple):
    """One request, and how its answers are read."""

    prompt: Prompt
    choices: Mapping[str, float]

    def read(self, answer: Completion) -> Verdict:
        return read_verdict(answer, self.prompt.suffix, self.choices)

    def again(self, verdict: Verdict) -> Sequence[Mapping[str, str]]:
        values = {"detail": verdict.trouble, "form": _form(self.choices), SUFFIX: self.prompt.suffix}
        return self.prompt.asked_again(fill(template("judge_again.txt"), values))


class Judge:
    """The check's value is the criterion; without one the answer must come to the same as the expected one.

    The option `choices` (GitHub's evaluators) has the words that the judge may say, each with its score.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def says(self, check: CheckSpec) -> str:
        if check.value is None:
            return "a model that reads it finds that it comes to the same as the expected answer"
        told = f"a model that reads it finds that it fulfils this: {quoted(text_of(check.value), 400)}"
        scores = choices_of(check)
        best = [word for word, score in scores.items() if score >= 1]
        return f"{told}, and says {' or '.join(map(quoted, best))}" if best else told

    def objection(self, check: CheckSpec, row: Row) -> str:
        if check.value is None and row.expected is None:
            return "it has neither an expected answer nor a criterion for the judge"
        return ""

    def grade(self, items: Sequence[Item]) -> Sequence[Grade]:
        grades: list[Grade] = []
        for start in range(0, len(items), _BATCH):
            grades += self._graded(items[start : start + _BATCH])
        return grades

    def close(self) -> None:
        pass

    def requests(self, items: Sequence[Item]) -> Sequence[Sequence[Mapping[str, str]]]:
        """What is asked first about these answers, each once."""
        return [each.prompt.messages for each in self._distinct(items)[1].values()]

    def _graded(self, items: Sequence[Item]) -> Sequence[Grade]:
        prompts, distinct = self._distinct(items)
        verdicts = self._verdicts(distinct)
        return [
            _grade(verdicts[prompt.user]) if prompt is not None else Grade(score=0.0, feedback="the answer is empty")
            for prompt in prompts
        ]

    def _distinct(self, items: Sequence[Item]) -> tuple[Sequence[Prompt | None], Mapping[str, _Asked]]:
        """What is asked twice is paid once; an empty answer needs no judge."""
        prompts = [request(item) if item.output.strip() else None for item in items]
        distinct = {
            prompt.user: _Asked(prompt, choices_of(item.check))
            for item, prompt in zip(items, prompts, strict=True)
            if prompt is not None
        }
        return prompts, distinct

    def _verdicts(self, asked: Mapping[str, _Asked]) -> Mapping[str, Verdict]:
        first = self._answers([each.prompt.messages for each in asked.values()], PURPOSE)
        known = {user: asked[user].read(answer) for user, answer in zip(asked, first, strict=True)}
        unread = [user for user, verdict in known.items() if verdict.again]
        again = self._answers([asked[user].again(known[user]) for user in unread], f"{PURPOSE} again")
        for user, answer in zip(unread, again, strict=True):
            known[user] = asked[user].read(answer)
        return known

    def _answers(self, batches: Sequence[Sequence[Mapping[str, str]]], purpose: str) -> Sequence[Completion]:
        return self._model.complete_many(_LEVEL, batches, purpose=purpose) if batches else ()


def request(item: Item) -> Prompt:
    """What a judge is asked about one answer."""
    value = item.check.value
    criterion = template("judge_same.txt") if value is None else text_of(value)
    expected: Section | str = ""
    if item.row.expected is not None:
        expected = Section(template("judge_expected.txt"), {"expected": _data("EXPECTED", text_of(item.row.expected))})
    values = {
        "input": _data("INPUT", shown(dict(main_input(item.row.fields)))),
        "answer": _data("ANSWER", item.output),
        "expected": expected,
        "criterion": _data("CRITERION", criterion),
        "words": _WORDS,
        "form": _form(choices_of(item.check)),
    }
    system = Section(template("judge_system.txt"))
    return compose(system, Section(template("judge_request.txt"), values), tags=("REASON", "VERDICT"))


def _data(tag: str, text: str) -> Data:
    return Data(tag, shortened(text, _MOST_TOKENS))


def choices_of(check: CheckSpec) -> Mapping[str, float]:
    """The words that a judge may say, with their scores; empty where it says PASS, FAIL or a number."""
    given = check.options.get("choices")
    scores: dict[str, float] = {}
    for each in given if isinstance(given, list) else []:
        word, score = (each.get("choice"), each.get("score")) if isinstance(each, dict) else (None, None)
        if word is not None and isinstance(score, int | float) and 0 <= score <= 1:
            scores[text_of(word)] = float(score)
    return scores


def _form(choices: Mapping[str, float]) -> str:
    return (
        f"one of {', '.join(choices)}"
        if choices
        else "PASS or FAIL, or a number from 0 to 1 where the criterion asks for degrees"
    )


def _grade(verdict: Verdict) -> Grade:
    if verdict.score is None:
        unread = "no verdict can be read in the judge's answer: " if verdict.again else ""
        return Grade(score=0.0, feedback=f"not judged: {unread}{verdict.trouble}", error=verdict.error)
    feedback = "" if verdict.score >= 1 else verdict.reason or f"the judge gave {verdict.score:g} and no reason"
    return Grade(score=verdict.score, feedback=feedback)
