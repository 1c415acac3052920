"""What the benchmarks of prompts compare is the same, and the steps of the optimizers keep to their formulas."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import optimizer_steps as steps
from benchmarks import prompt_evaluation as evaluation
from benchmarks.evaluation_secant import request
from benchmarks.evaluation_task import ANSWER, EXPECTED, messages
from secant.promptfiles.metrics.choosing import Surroundings, metric_for
from secant.promptfiles.metrics.contract import Answer
from secant.promptfiles.program import Program
from secant.promptfiles.subject import find_prompt
from secant.registry import Registry


def test_secant_and_the_others_send_the_same_and_count_the_same(tmp_path: Path) -> None:
    asked = request(tmp_path, "http://127.0.0.1:1/v1", 3, 64)
    subject = find_prompt(asked)
    program = Program(subject.document.parts)
    rows = subject.data.rows
    assert [program.messages(program.artifact(), row) for row in rows] == [messages(number) for number in range(3)]
    metric = metric_for(asked.metric, data=subject.data, surroundings=Surroundings(tmp_path))
    for said in (ANSWER, "delivery"):
        [grade] = metric.grade([Answer(rows[0], said)])
        assert grade.score == (EXPECTED in said)


def test_the_table_has_the_fastest_first_and_names_what_is_missing() -> None:
    slow, fast = (
        evaluation.Row(way=way, cases=1000, seconds=seconds, cpu_seconds=1, peak_mb=50, more_mb=4, passed=1000)
        for way, seconds in (("litellm", 6.25), ("secant", 3.4375))
    )
    table = evaluation.of_time([slow, fast], "no network")
    assert [line[2] for line in table.rows] == ["1.00", "1.10", "2.00", "-"]
    assert "no network" in table.rows[-1][0]


def test_memory_is_told_for_a_case_between() -> None:
    rows = [
        evaluation.Row(way="secant", cases=cases, seconds=1, cpu_seconds=1, peak_mb=60, more_mb=more, passed=cases)
        for cases, more in ((1000, 4.0), (10_000, 22.0))
    ]
    assert evaluation.of_memory(rows).rows == (("Secant, an evaluation", "4", "22", "2.0"),)


@pytest.mark.parametrize("name", steps.OPTIMIZERS)
def test_a_step_asks_what_its_formula_says_and_pays_what_it_asks(name: str) -> None:
    rows = steps.counted(name, 2)
    assert [row.asked for row in rows] == [row.calls for row in rows]
    for formula in steps.formulas(Registry().create(name)):
        paid = [row.calls for row in rows if formula.holds(row.step)]
        assert max(paid) <= formula.calls
        assert formula.calls in paid or name == "protegi"  # too few errors for all groups of all members
