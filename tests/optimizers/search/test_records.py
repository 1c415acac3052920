"""The window of earlier versions: x_0 in, the current one out, the best kept, rejections marked, tokens respected."""

from __future__ import annotations

import random

import pytest

from secant.budget import Budget
from secant.optimizer import Context
from secant.prompting.history import Shown, sections, standing
from secant.prompting.measure import tokens
from secant.prompting.render import Data
from secant.search.records import records, window
from secant.search.trajectory import RunTrajectory
from secant.types import Artifact, CaseResult, Evaluation, Part, Proposal, SpeedUp, Task

FIX = Task(kind="function", goal="fix")


def artifact(text: str) -> Artifact:
    return Artifact(parts=(Part(name="f", text=text),))


def evaluation(*scores: float, **fields) -> Evaluation:
    results = tuple(CaseResult(case_id=f"c{n}", score=s) for n, s in enumerate(scores))
    return Evaluation(artifact_id="x", stage="cases", results=results, **fields)


def context(*steps: tuple[int, str, Evaluation, bool]) -> Context:
    """Each step with the text that was measured in it, and whether it was accepted."""
    trajectory = RunTrajectory()
    for step, text, measured, accepted in steps:
        trajectory.add(step, Proposal(artifact=artifact(text)), [measured], survived=True)
        if accepted:
            trajectory.accept([artifact(text).id])
    return Context(
        task=FIX,
        seed=artifact(steps[0][1]),
        baseline=steps[0][2],
        cases={},
        probes={},
        trajectory=trajectory,
        budget=Budget(),
        rng=random.Random(0),
        step=len(steps),
    )


PATH = [
    (0, "seed", evaluation(0, 0, 0), True),
    (1, "one", evaluation(1, 0, 0), True),
    (2, "two", evaluation(0, 0, 0), False),
    (3, "three", evaluation(1, 1, 0), True),
    (4, "four", evaluation(1, 0, 0), False),
    (5, "five", evaluation(0, 1, 0), False),
    (6, "six", evaluation(0, 0, 1), False),
]


def texts(chosen) -> list[str]:
    return [r.proposal.artifact.text for r in chosen]


def path(*steps):
    ctx = context(*steps)
    return records(ctx, [ctx.seed.id], 0)


def test_a_record_for_each_step_with_the_seed_first() -> None:
    found = path(*PATH)
    assert texts(found) == ["seed", "one", "two", "three", "four", "five", "six"]
    assert [r.number for r in found] == list(range(7))
    assert [r.accepted for r in found] == [True, True, False, True, False, False, False]


def test_the_best_of_a_step_stands_for_it() -> None:
    found = path(
        (0, "seed", evaluation(0, 0), True), (1, "a", evaluation(0, 0), False), (1, "b", evaluation(1, 0), False)
    )
    assert texts(found) == ["seed", "b"]
    taken = path(
        (0, "seed", evaluation(0, 0), True), (1, "a", evaluation(0, 0), True), (1, "b", evaluation(1, 0), False)
    )
    assert texts(taken) == ["seed", "a"]


def test_a_path_may_begin_later_and_with_other_versions() -> None:
    ctx = context(*PATH)
    found = records(ctx, [ctx.seed.id, artifact("two").id, "unknown"], 4, accepted=[artifact("six").id])
    assert texts(found) == ["seed", "two", "five", "six"]
    assert found[-1].accepted


def test_the_window_has_the_first_the_best_and_the_latest() -> None:
    found = path(*PATH)
    assert texts(window(found, artifact("three").id, 4)) == ["seed", "one", "five", "six"]
    assert texts(window(found, artifact("one").id, 4)) == ["seed", "three", "five", "six"]
    assert texts(window(found, artifact("seed").id, 3)) == ["one", "three", "six"]  # the first of the past is kept
    assert texts(window(found, artifact("three").id, 99)) == ["seed", "one", "two", "four", "five", "six"]
    assert texts(window(found, artifact("three").id, 0)) == []
    assert window(found[:1], artifact("seed").id, 4) == ()


def told(chosen, current: str, limit: int = 10_000, measured: Evaluation | None = None):
    shown = Shown("f", current, measured or evaluation(), FIX, tokens=limit, lines=1, names=3)
    return sections(chosen, shown, "{{number}}")


def test_texts_beyond_the_tokens_are_left_out_and_it_is_said() -> None:
    long = [(n, f"version {n} " + "word " * 40, evaluation(0, 0), n == 0) for n in range(5)]
    values = [s.values["value"] for s in told(path(*long), "short", limit=120)]
    assert [isinstance(v, Data) for v in values] == [False, False, False, True, True]
    assert sum(tokens(v.text) for v in values if isinstance(v, Data)) <= 120
    assert "left out" in str(values[0])


def test_a_difference_is_shown_where_it_is_shorter() -> None:
    lines = "".join(f"line {n} of the text\n" for n in range(30))
    first = (0, lines, evaluation(0), True)
    (section,) = told(path(first), lines.replace("line 7 ", "line seven "))
    value = section.values["value"]
    assert isinstance(value, Data)
    assert value.tag == "DIFFERENCE"
    assert "+line 7 of the text" in value.text
    (whole,) = told(path(first), "something else")
    assert whole.values["value"] == Data("VERSION", lines.rstrip("\n"))


def test_status_and_feedback_of_each() -> None:
    values = [s.values for s in told(path(*PATH[:3]), "x", measured=evaluation(0, 1, 0))]
    assert [v["status"] for v in values] == ["the original", "accepted", "REJECTED"]
    assert [v["standing"] for v in values] == ["passes 0 of 3 tests", "passes 1 of 3 tests", "passes 0 of 3 tests"]
    assert values[1]["measured"] == Data("MEASURED", "c1 failed (and 1 more)")
    assert [v["gained"] for v in values] == ["", "c0", ""]
    assert [v["lost"] for v in values] == ["c1", "c1", "c1"]


@pytest.mark.parametrize(
    ("measured", "kind", "said"),
    [
        (evaluation(1, 0), "function", "passes 1 of 2 tests"),
        (evaluation(1, 0.5), "prompt", "passes 1 of the 2 cases that it was tried on, mean score 0.75"),
        (evaluation(1, complete=False), "function", "passes 1 of 1 tests that were run before it was given up"),
        (evaluation(1, rejected=True, note="differs on f(0)"), "function", "not accepted: differs on f(0)"),
    ],
)
def test_how_an_evaluation_stands(measured: Evaluation, kind, said: str) -> None:
    assert standing(measured, Task(kind=kind, goal="x")) == said


def test_speed_is_said_as_far_as_it_may_be() -> None:
    def speed(ratio: float, verdict) -> Evaluation:
        timed = SpeedUp(ratio=ratio, low=ratio, high=ratio, verdict=verdict)
        return evaluation(1, speed=timed, rejected=verdict != "faster")

    assert standing(speed(2.5, "faster"), FIX) == "passes 1 of 1 tests, 2.50x as fast as the original"
    assert standing(speed(0.5, "slower"), FIX) == "passes 1 of 1 tests, 0.50x as fast as the original"
    assert standing(speed(1.01, "indistinguishable"), FIX) == "passes 1 of 1 tests, no measurable difference in speed"
