"""Answers judged by a model: it reads the criterion, what went in, the answer, and what was expected.

The answer stands between tags whose suffix occurs in none of the texts, so an answer that holds a verdict, or asks for
one, stays data. A verdict that cannot be read is asked for once more; after that it is an error and no score.
(Published judges count what they cannot read as wrong: REVOLVE's word sorting takes 0 for it.) What a judge costs is
counted by the models of the run, on the level `optimizer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from secant.optimizer import Completion, LanguageModel
from secant.promptfiles.evaldata.recognition import main_input
from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.metrics.contract import Grade
from secant.promptfiles.metrics.kinds import Item, quoted, text_of
from secant.promptfiles.metrics.verdicts import Verdict, read_verdict
from secant.prompting.exemplars import shown
from secant.prompting.measure import shortened
from secant.prompting.render import SUFFIX, Data, Prompt, Section, compose, fill, template

PURPOSE = "judge"
_LEVEL = "optimizer"
_MOST_TOKENS = 4000
"""Of the answer, and of each other text that is shown."""
_WORDS = "60"
_BATCH = 1000


class Judge:
    """The check's value is the criterion; without one the answer must come to the same as the expected one."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def says(self, check: CheckSpec) -> str:
        if check.value is None:
            return "a model that reads it finds that it comes to the same as the expected answer"
        return f"a model that reads it finds that it fulfils this: {quoted(text_of(check.value), 400)}"

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

    def _graded(self, items: Sequence[Item]) -> Sequence[Grade]:
        """What is asked twice is paid once; an empty answer needs no judge."""
        prompts = [request(item) if item.output.strip() else None for item in items]
        distinct = {prompt.user: prompt for prompt in prompts if prompt is not None}
        verdicts = self._verdicts(distinct)
        return [
            _grade(verdicts[prompt.user]) if prompt is not None else Grade(score=0.0, feedback="the answer is empty")
            for prompt in prompts
        ]

    def _verdicts(self, prompts: Mapping[str, Prompt]) -> Mapping[str, Verdict]:
        first = self._asked([prompt.messages for prompt in prompts.values()], PURPOSE)
        known = {
            user: read_verdict(completion, prompts[user].suffix)
            for user, completion in zip(prompts, first, strict=True)
        }
        unread = [user for user, verdict in known.items() if verdict.again]
        again = self._asked([_again(prompts[user], known[user]) for user in unread], f"{PURPOSE} again")
        for user, completion in zip(unread, again, strict=True):
            known[user] = read_verdict(completion, prompts[user].suffix)
        return known

    def _asked(self, batches: Sequence[Sequence[Mapping[str, str]]], purpose: str) -> Sequence[Completion]:
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
    }
    system = Section(template("judge_system.txt"))
    return compose(system, Section(template("judge_request.txt"), values), tags=("REASON", "VERDICT"))


def _data(tag: str, text: str) -> Data:
    return Data(tag, shortened(text, _MOST_TOKENS))


def _again(prompt: Prompt, verdict: Verdict) -> Sequence[Mapping[str, str]]:
    remark = fill(template("judge_again.txt"), {"detail": verdict.trouble, SUFFIX: prompt.suffix})
    return prompt.asked_again(remark)


def _grade(verdict: Verdict) -> Grade:
    if verdict.score is None:
        return Grade(score=0.0, feedback=f"not judged: {verdict.trouble}", error=verdict.error)
    feedback = "" if verdict.score >= 1 else verdict.reason or f"the judge gave {verdict.score:g} and no reason"
    return Grade(score=verdict.score, feedback=feedback)
