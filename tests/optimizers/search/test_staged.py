"""The staged allocator on a bench of its own; with the real one it is tried in test_driver."""

from __future__ import annotations

from bench_double import DoubleBench, arms

from secant.optimizer import Plan, Stage
from secant.search.staged import staged
from secant.types import CaseResult, Evaluation

QUALITY = {a.artifact.id: q for a, q in zip(arms(4), (0.0, 0.5, 1.0, 1.0), strict=True)}


def ids(*numbers: int) -> tuple[str, ...]:
    return tuple(arms(4)[n].artifact.id for n in numbers)


def test_each_stage_runs_what_the_one_before_let_through() -> None:
    bench = DoubleBench(QUALITY, cases=20)
    plan = Plan(stages=(Stage(name="filter", size=5, gate="all_passed"), Stage(name="tests")))
    allocation = staged(arms(4), plan, bench)
    assert allocation.survivors == ids(2, 3) == tuple(bench.told)
    assert [len(s.evaluations) for s in allocation.scored] == [1, 1, 2, 2]
    assert bench.bulk == [True, False]


def test_survivors_are_told_as_soon_as_they_are_known() -> None:
    bench = DoubleBench(QUALITY, cases=5, stop_after=3)
    allocation = staged(arms(4), Plan(stages=(Stage(gate="all_passed"),)), bench)
    assert tuple(bench.told) == allocation.survivors == ids(2)


def test_a_stop_before_the_last_stage_leaves_no_survivor() -> None:
    bench = DoubleBench(QUALITY, cases=5, stop_after=4)
    allocation = staged(arms(4), Plan(stages=(Stage(name="filter"), Stage(name="tests"))), bench)
    assert allocation.survivors == ()
    assert [len(s.evaluations) for s in allocation.scored] == [1, 1, 1, 1]


def test_keep_takes_the_best_and_the_earlier_of_equals() -> None:
    bench = DoubleBench(QUALITY, cases=20)
    allocation = staged(arms(4), Plan(stages=(Stage(keep=1),)), bench)
    assert allocation.survivors == ids(2) == tuple(bench.told)


def test_gates_compare_with_the_incumbent_on_the_same_cases() -> None:
    def survivors(gate: str, *incumbent: float) -> tuple[str, ...]:
        bench = DoubleBench(QUALITY, cases=3)
        results = tuple(CaseResult(case_id=f"case{n}", score=s) for n, s in enumerate(incumbent))
        bench.incumbent_evaluation = Evaluation(artifact_id="x", stage="cases", results=results)
        return staged([arms(4)[0], arms(4)[2]], Plan(stages=(Stage(gate=gate),)), bench).survivors

    assert survivors("better", 0, 0, 0) == ids(2)
    assert survivors("better", 1, 1, 1) == ()
    assert survivors("not_worse", 0, 0, 0) == ids(0, 2)
    assert survivors("not_worse", 1, 1, 1) == ids(2)


def test_without_the_incumbent_nothing_is_compared() -> None:
    bench = DoubleBench(QUALITY, cases=3)
    allocation = staged(arms(4), Plan(stages=(Stage(gate="better"),)), bench)
    assert (allocation.survivors, bench.pulls) == ((), [])


def test_no_candidates_cost_nothing() -> None:
    bench = DoubleBench(QUALITY)
    assert staged([], Plan(stages=(Stage(),)), bench).scored == ()
    assert bench.bulk == []
