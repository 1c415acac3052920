"""What answers are worth: the same whether each is judged when it comes or all in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from secant.optimizer import Answered, Completion
from secant.promptfiles.document import PromptPart
from secant.promptfiles.evaldata.rows import EvalData, Row
from secant.promptfiles.marking import Sheet
from secant.promptfiles.metrics.choosing import Surroundings, metric_for
from secant.promptfiles.metrics.contract import Answer, Grade, Metric
from secant.promptfiles.program import Program
from secant.promptfiles.running import Runner, Work

ROWS = [Row(id=str(n), path="d.jsonl", line=n, fields={"input": f"{n}?"}, expected=str(n)) for n in range(4)]
ANSWERS = [
    Completion(id="a", text="0"),
    Completion(id="b", text="nought"),
    Completion(id="c", text="", finish="failed", reason="server: no"),
    Completion(id="d", text="1"),
    Completion(id="e", text="2", finish="length"),
    Completion(id="f", text="two and", finish="length"),
    Completion(id="g", text="no", finish="refusal"),
    Completion(id="h", text="", finish="failed"),
]


def metric(name: str, folder: Path) -> Metric:
    data = EvalData(paths=("d.jsonl",), rows=tuple(ROWS), digest="")
    return metric_for(name, data=data, surroundings=Surroundings(folder))


@pytest.mark.parametrize("taken", [(), (6, 0, 3, 4, 1), range(8)])
def test_an_answer_is_worth_the_same_whenever_it_is_judged(taken: Sequence[int], tmp_path: Path) -> None:
    sheet = Sheet(metric("exact", tmp_path), ROWS, 2)
    for number in taken:
        sheet.take(number, ANSWERS[number])
    found = sheet.results(ANSWERS)
    assert [(r.case_id, r.score, r.error) for r in found] == [
        ("0", 0.5, "none"),
        ("1", 0.5, "model"),
        ("2", 0.5, "none"),
        ("3", 0.0, "refusal"),
    ]
    assert found[1].feedback == "1 of 2 answers are wrong; one of them: server: no"
    assert "cut off at the limit of tokens" in found[2].feedback


def test_a_metric_with_a_process_of_its_own_gets_all_answers_at_once(tmp_path: Path) -> None:
    assert metric("contains", tmp_path).immediate
    assert not metric("regex", tmp_path).immediate


class Counted:
    """A metric for which every answer is right."""

    name, says, asks_model = "right", "it is", False

    def __init__(self, *, immediate: bool) -> None:
        self.immediate = immediate
        self.batches: list[int] = []

    def objection(self, row: Row) -> str:
        return ""

    def grade(self, answers: Sequence[Answer]) -> Sequence[Grade]:
        self.batches.append(len(answers))
        return [Grade(score=1.0)] * len(answers)

    def close(self) -> None:
        pass


class Telling:
    """A model that tells of its first answers while it is asked for the others."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted
        self.judged = 0

    def within(self, scope: str) -> Telling:
        return self

    def complete(self, level: str, messages: object, *, n: int = 1, purpose: str = "") -> Sequence[Completion]:
        raise AssertionError("rows are asked for together")

    def complete_many(
        self,
        level: str,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        answers = [Completion(id=str(n), text="yes") for n in range(len(batches))]
        assert answered is not None
        for number in (2, 0):
            answered(number, answers[number])
        self.judged = sum(self._counted.batches)
        return answers


@pytest.mark.parametrize(("immediate", "meanwhile"), [(True, 2), (False, 0)])
def test_answers_are_judged_while_others_are_waited_for(immediate: bool, meanwhile: int) -> None:
    counted = Counted(immediate=immediate)
    model = Telling(counted)
    program = Program([PromptPart(name="prompt", role="system", text="Say the number.")])
    work = [Work(program.artifact(), row) for row in ROWS]
    assert [r.score for r in Runner(program, counted).results(model, work)] == [1.0] * 4
    assert model.judged == meanwhile
    assert sum(counted.batches) == 4
