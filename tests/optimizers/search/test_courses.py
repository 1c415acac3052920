"""How the versions of a single path are measured, accepted and offered."""

from __future__ import annotations

import random

import pytest

from secant.budget import Budget
from secant.optimizer import Context, Scored
from secant.search.courses import chosen, plan, probes, ranking, solved
from secant.search.trajectory import RunTrajectory
from secant.types import Artifact, CaseResult, Evaluation, Part, Proposal, SpeedUp, Task

FIX, FASTER = (Task(kind="function", goal=goal) for goal in ("fix", "faster"))
PROMPT = Task(kind="prompt", goal="answer")


def proposal(text: str, words: int = 0) -> Proposal:
    kind = Artifact(parts=(Part(name="f", text=text),))
    return Proposal(artifact=kind, edit_words=words, paid=True)


def cases(*scores: float, split="select", **fields) -> Evaluation:
    results = tuple(CaseResult(case_id=f"{split}{n}", score=s) for n, s in enumerate(scores))
    return Evaluation(artifact_id="x", stage="cases", split=split, results=results, **fields)


def speed(ratio: float, verdict="faster") -> Evaluation:
    timed = SpeedUp(ratio=ratio, low=ratio, high=ratio, verdict=verdict)
    won = CaseResult(case_id="speed", score=float(verdict == "faster"))
    return Evaluation(artifact_id="x", stage="speed", results=(won,), speed=timed, rejected=verdict != "faster")


SEED = proposal("seed")


def context(task: Task, baseline: Evaluation, *entries: tuple[str, list[Evaluation]], probe=None) -> Context:
    trajectory = RunTrajectory()
    trajectory.add(0, SEED, [baseline], survived=True)
    for step, (text, evaluations) in enumerate(entries, 1):
        trajectory.add(step, proposal(text), evaluations, survived=True)
    return Context(
        task=task,
        seed=SEED.artifact,
        baseline=baseline,
        cases={},
        probes={} if probe is None else {SEED.artifact.id: probe},
        trajectory=trajectory,
        budget=Budget(),
        rng=random.Random(0),
        step=1,
    )


def accepted(ctx: Context, *scored: tuple[str, list[Evaluation]], incumbent: str = "seed") -> str | None:
    found = chosen(ctx, proposal(incumbent).artifact.id, [Scored(proposal(t), tuple(e)) for t, e in scored])
    return None if found is None else found.proposal.artifact.text


def test_a_function_runs_every_test_and_for_speed_the_stages_behind() -> None:
    assert [s.name for s in plan(FIX, 3).stages] == ["cases"]
    assert [(s.name, s.gate) for s in plan(FASTER, 3).stages] == [
        ("cases", "all_passed"),
        ("behaviour", "all_passed"),
        ("speed", "all_passed"),
    ]
    assert [(s.split, s.size, s.gate) for s in plan(PROMPT, 3).stages] == [
        ("fit", 3, "better"),
        ("select", None, "not_worse"),
    ]
    assert [probes(t) for t in (FIX, FASTER, PROMPT)] == [False, False, True]


@pytest.mark.parametrize(
    ("scores", "taken"),
    [((1, 0, 1), True), ((1, 0, 0), False), ((0, 1, 0), False), ((0, 0, 0), False)],
    ids=["better", "the same", "a tie on other cases", "worse"],
)
def test_a_repair_must_be_better_on_the_same_tests(scores, taken: bool) -> None:
    ctx = context(FIX, cases(1, 0, 0))
    assert (accepted(ctx, ("new", [cases(*scores)])) == "new") == taken


def test_what_was_not_measured_is_not_accepted() -> None:
    ctx = context(FIX, cases(1, 0, 0))
    assert accepted(ctx, ("screened out", [])) is None
    assert accepted(ctx, ("given up", [cases(1, 1, complete=False)])) == "given up"  # better although the rest counts 0
    assert accepted(ctx, ("given up", [cases(1, complete=False)])) is None


def test_the_best_of_several_and_the_smaller_of_equals() -> None:
    ctx = context(FIX, cases(0, 0, 0))
    assert accepted(ctx, ("one", [cases(1, 0, 0)]), ("two", [cases(1, 1, 0)]), ("three", [cases(0, 1, 1)])) == "two"
    small, large = (Scored(proposal(str(n), n), (cases(1, 0, 0),)) for n in (3, 9))
    found = chosen(ctx, SEED.artifact.id, [large, small])
    assert found is small


def test_speed_must_be_more_than_the_incumbents() -> None:
    ctx = context(FASTER, cases(1, 1), ("quick", [cases(1, 1), speed(2.0)]))
    assert accepted(ctx, ("new", [cases(1, 1), speed(1.5)])) == "new"
    assert accepted(ctx, ("new", [cases(1, 1), speed(1.5)]), incumbent="quick") is None
    assert accepted(ctx, ("new", [cases(1, 1), speed(2.5)]), incumbent="quick") == "new"
    assert accepted(ctx, ("new", [cases(1, 1)])) is None  # never timed
    assert accepted(ctx, ("new", [cases(1, 1), speed(1.0, "indistinguishable")])) is None


def test_a_prompt_must_be_better_on_the_batch_and_no_worse_on_the_select_cases() -> None:
    ctx = context(PROMPT, cases(1, 0, 0), probe=cases(0, 0, split="fit"))
    better, same = cases(1, 0, split="fit"), cases(0, 0, split="fit")
    assert accepted(ctx, ("new", [better, cases(0, 1, 0)])) == "new"
    assert accepted(ctx, ("new", [better, cases(0, 0, 0)])) is None
    assert accepted(ctx, ("new", [same, cases(1, 1, 1)])) is None
    assert accepted(ctx, ("new", [better])) is None


def test_solved_is_everything_passed_unless_speed_is_asked_for() -> None:
    assert solved(context(FIX, cases(1, 1)), SEED.artifact.id)
    assert not solved(context(FIX, cases(1, 0)), SEED.artifact.id)
    assert not solved(context(FASTER, cases(1, 1)), SEED.artifact.id)
    assert not solved(context(PROMPT, cases(1, 1, split="fit")), SEED.artifact.id)


def names(ctx: Context, count: int = 9) -> list[str]:
    return [ctx.trajectory.artifact(i).text for i in ranking(ctx, count)]


def test_only_whole_repairs_are_offered_the_agreeing_first() -> None:
    ctx = context(
        FIX,
        cases(1, 0),
        ("half", [cases(0, 1)]),
        ("doubtful", [cases(1, 1, agreement=0.5)]),
        ("good", [cases(1, 1, agreement=1.0)]),
    )
    assert names(ctx) == ["good", "doubtful"]
    assert names(ctx, 1) == ["good"]


def test_the_fastest_first() -> None:
    ctx = context(
        FASTER,
        cases(1, 1),
        ("twice", [cases(1, 1), speed(2.0)]),
        ("thrice", [cases(1, 1), speed(3.0)]),
        ("equal", [cases(1, 1), speed(1.0, "indistinguishable")]),
        ("wrong", [cases(1, 1), Evaluation(artifact_id="x", stage="behaviour", rejected=True, note="differs")]),
    )
    assert names(ctx) == ["thrice", "twice"]


def test_a_prompt_that_is_no_better_than_the_seed_is_not_offered() -> None:
    ctx = context(
        PROMPT, cases(1, 0, 0), ("other", [cases(0, 1, 0)]), ("best", [cases(1, 1, 1)]), ("good", [cases(1, 1, 0)])
    )
    assert names(ctx) == ["best", "good"]
