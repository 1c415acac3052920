"""The views of what was evaluated."""

from __future__ import annotations

import pytest

from secant.search.trajectory import RunTrajectory, pooled, representative
from secant.types import Artifact, CaseResult, Evaluation, Part, Proposal, SpeedUp


def proposal(text: str, *parents: Proposal) -> Proposal:
    artifact = Artifact(parts=(Part(name="f", text=text),))
    return Proposal(artifact=artifact, parents=tuple(p.artifact.id for p in parents))


def evaluation(*scores: float, start: int = 0, speed: float | None = None, **fields: object) -> Evaluation:
    results = tuple(CaseResult(case_id=f"c{start + n}", score=s) for n, s in enumerate(scores))
    ratio = None if speed is None else SpeedUp(ratio=speed, low=speed, high=speed, verdict="faster")
    return Evaluation(artifact_id="x", **{"stage": "tests", **fields}, results=results, speed=ratio)


SEED, GOOD, FAST, BAD = proposal("seed"), proposal("good"), proposal("fast"), proposal("bad")


@pytest.fixture
def trajectory() -> RunTrajectory:
    filled = RunTrajectory()
    filled.add(0, SEED, [evaluation(1, 0, 0)], survived=True)
    filled.accept([SEED.artifact.id])
    filled.add(1, proposal("good", SEED), [evaluation(1, 1, 0)], survived=True)
    filled.add(1, proposal("bad", GOOD), [evaluation(0, 0, 1)], survived=False)
    filled.add(2, proposal("fast", GOOD), [evaluation(1, 1, 0), evaluation(stage="speed", speed=3)], survived=True)
    filled.accept([GOOD.artifact.id, "unknown"])
    return filled


def texts(entries) -> list[str]:
    return [e.proposal.artifact.text for e in entries]


def test_last_is_oldest_first(trajectory: RunTrajectory) -> None:
    assert texts(trajectory.last(2)) == ["bad", "fast"]
    assert texts(trajectory.last(99)) == ["seed", "good", "bad", "fast"]
    assert texts(trajectory.last(0)) == []
    assert len(trajectory) == 4


def test_top_ranks_survivors_by_mean_then_speed_then_age(trajectory: RunTrajectory) -> None:
    assert texts(trajectory.top(9)) == ["fast", "good", "seed"]
    trajectory.add(3, proposal("late"), [evaluation(1, 1, 0)], survived=True)
    assert texts(trajectory.top(3)) == ["fast", "good", "late"]


def test_accepted_and_rejected(trajectory: RunTrajectory) -> None:
    assert texts(trajectory.rejected(9)) == ["bad", "fast"]
    assert texts(trajectory.rejected(1)) == ["fast"]
    assert trajectory.entry(GOOD.artifact.id).accepted


def test_lineage_is_seed_first(trajectory: RunTrajectory) -> None:
    assert texts(trajectory.lineage(FAST.artifact.id)) == ["seed", "good", "fast"]
    assert texts(trajectory.lineage("nobody")) == []


def test_best_per_case_names_all_the_best_survivors(trajectory: RunTrajectory) -> None:
    seed, good, fast = (p.artifact.id for p in (SEED, GOOD, FAST))
    assert trajectory.best_per_case() == {"c0": (seed, good, fast), "c1": (good, fast), "c2": (seed, good, fast)}


def test_what_is_not_kept_has_no_text(trajectory: RunTrajectory) -> None:
    assert trajectory.artifact(BAD.artifact.id).text == "bad"
    assert trajectory.evaluations("nobody") == ()
    with pytest.raises(KeyError):
        trajectory.artifact("nobody")
    with pytest.raises(ValueError, match="already"):
        trajectory.add(9, SEED, [evaluation(1)], survived=True)


def test_the_evaluation_that_speaks_is_the_widest_with_the_speed_and_any_rejection() -> None:
    spoken = representative(
        [evaluation(1), evaluation(1, 1, 0), evaluation(stage="speed", speed=2, rejected=True, note="differs")]
    )
    assert (spoken.n, spoken.speed.ratio, spoken.rejected, spoken.note) == (3, 2, True, "differs")
    with pytest.raises(ValueError, match="not evaluated"):
        representative([])


def test_select_cases_speak_before_any_number_of_fit_cases() -> None:
    fit, select = evaluation(1, 1, 1, 1, split="fit"), evaluation(0, 1)
    assert representative([fit, select]) == representative([select, fit]) == select
    assert representative([fit, evaluation(split="select")]) == fit


def test_pooling_joins_further_cases_of_a_stage_only() -> None:
    joined = pooled([evaluation(1, 0), evaluation(1, start=2), evaluation(1, 1, start=2, stage="other")])
    assert [(e.stage, e.n, e.passed) for e in joined] == [("tests", 3, 2), ("other", 2, 2)]
    overlapping = pooled([evaluation(1, 0), evaluation(1, 1, 1)])
    assert [e.n for e in overlapping] == [2, 3]
    assert pooled(joined) == joined
