"""Rules first and free, then the model with what they left."""

from __future__ import annotations

import pytest
from cards.toy import Letters
from scripted import CASES, COUNT, FIX, HALF, RIGHT, Counting, ScriptedRun, drive, function, in_turn, reply

from secant.budget import Limits
from secant.events import Proposed
from secant.optimizers.mixed import MixedOptimizer, MixedSpec, MixedState
from secant.optimizers.spec import default
from secant.types import Artifact, Evaluation, Tally

SPEC = default("mixed", MixedSpec).model_copy(update={"candidates": 64})


class Screening(Counting):
    """Counting, with a first stage that tells a tally of the failing tests, as the evaluator of functions does."""

    def __init__(self, seed_artifact: Artifact | None = None, easy: bool = False) -> None:
        super().__init__(seed_artifact)
        self.names = [n for n in CASES if not (easy and n == "test_none")]

    def cases(self):
        cases = super().cases()
        return {split: [c for c in of if c.id in self.names] for split, of in cases.items()}

    def baseline(self) -> Evaluation:
        return self._evaluation(self.seed_artifact, "tests", self.names)

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        return self._evaluation(artifact, "confirm", self.names).model_copy(update={"split": "report"})

    def _evaluation(self, artifact: Artifact, stage: str, case_ids) -> Evaluation:
        whole = super()._evaluation(artifact, stage, case_ids)
        if stage != "screen" or whole.all_passed:
            return whole
        repaired = [r for r in whole.results if r.case_id != "test_down"]
        passed = sum(r.score for r in repaired)
        tally = Tally(passed=int(passed), total=whole.n, mean=passed / whole.n)
        return Evaluation(artifact_id=artifact.id, stage="screen", tally=tally, complete=False)


def run(*answers: str, spec: MixedSpec = SPEC, easy: bool = False, model: bool = True, **settings) -> ScriptedRun:
    script = in_turn(*answers) if model else None
    settings = {"steps": 20, "evaluator": Screening(easy=easy), **settings}
    return drive(MixedOptimizer(spec), script, **settings)


def phases(done: ScriptedRun) -> list[str]:
    return ["model" if MixedState.model_validate(s).model is not None else "rules" for s in done.states]


def test_what_a_rule_repairs_costs_nothing() -> None:
    done = run("unused", easy=True)
    assert done.model.asked == []
    assert done.winner is not None
    assert "stop + 1" in done.winner


def test_the_model_gets_what_the_rules_left() -> None:
    done = run(reply(RIGHT))
    assert phases(done) == ["rules", "model", "model"]
    assert done.winner == RIGHT
    prompt = done.updates[0].prompt
    assert "Before you were asked, 64 small edits of the original were tried by rule" in prompt
    assert "repairs 2 of the failing tests" in prompt
    assert "stop + 1" in prompt
    assert prompt.count("of the failing tests\n") <= 3
    assert "now the model" in done.reasons[0]
    state = MixedState.model_validate(done.states[-1])
    assert state.rewrite is not None
    assert len(state.rewrite.improvers) <= 3  # what nobody will read is not carried along


def test_the_models_steps_are_counted_from_its_first() -> None:
    own = COUNT.replace("range(start, stop)", "range(start, 1 + (stop))")
    done = run(reply(own), reply(RIGHT))
    assert "Taken together" not in done.updates[0].prompt
    assert "Taken together: progressing." in done.updates[1].prompt
    assert "version 0 -> the current version (accepted)" in done.updates[1].prompt


def test_what_a_rule_tried_before_is_told_as_such() -> None:
    done = run(reply(HALF, "one more"), reply(RIGHT))
    assert "the text had been tried before (one more)" in done.updates[1].prompt


def test_the_share_of_the_budget_hands_over_too() -> None:
    spec = SPEC.model_copy(update={"candidates": 10_000, "share": 0.1})
    done = run(reply(RIGHT), spec=spec, limits=Limits(evaluations=400))
    assert phases(done)[:2] == ["rules", "model"]
    assert done.winner == RIGHT


def test_without_a_model_the_rules_work_alone() -> None:
    done = run(model=False, steps=3)
    assert phases(done) == ["rules"] * 4
    assert run(model=False, easy=True).winner is not None


def test_what_is_no_function_goes_to_the_model_at_once() -> None:
    done = drive(MixedOptimizer(), in_turn(reply("saaaaa")), evaluator=Letters(), steps=1)
    assert done.updates
    assert phases(done) == ["model", "model"]


@pytest.mark.parametrize("calls", [0, 1])
def test_no_calls_keep_what_the_rules_found(calls: int) -> None:
    done = run(reply(COUNT + "#"), limits=Limits(calls=calls))
    assert done.outcome.stop == "budget"
    assert done.winner is None


def test_failures_of_rules_that_went_far_are_past_versions() -> None:
    """A text that the screen let through and the tests turned down."""

    class Lenient(Screening):
        def _evaluation(self, artifact, stage, case_ids):
            whole = Counting._evaluation(self, artifact, stage, case_ids)
            if stage == "screen" and whole.mean > 0.5:
                return whole.model_copy(update={"results": whole.results[1:3]})
            return super()._evaluation(artifact, stage, case_ids)

    done = run(reply(RIGHT), evaluator=Lenient())
    prompt = done.updates[0].prompt
    assert "Version 1 (REJECTED): passes 3 of 4 tests" in prompt
    assert function().id == MixedState.model_validate(done.states[-2]).model.origins[0]
    assert FIX.kind == "function"


def test_proposals_by_rule_are_not_paid() -> None:
    done = run(reply(RIGHT))
    first, *_, last = [e for e in done.events if isinstance(e, Proposed)]
    assert all(i.proposal is None for i in first.items)
    assert all(i.proposal["paid"] for i in last.items)
