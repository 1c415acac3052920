"""The one loop: what it calls in which order, what it refuses, when it stops, and that nothing found is lost."""

from __future__ import annotations

import pytest
from cards.climbers import ModelClimber, RuleClimber
from cards.toy import HIDDEN, SEED, Letters, artifact, run
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.budget import Limits
from secant.cancellation import Cancellation
from secant.confirmation import ConfirmationRules
from secant.errors import BadRequest
from secant.events import Baseline, Confirmed, Evaluated, Improved, Progress, Proposed, Survived, Updated
from secant.optimizer import Decision, Extraction, Plan, Stage, State
from secant.types import Artifact, Part, Proposal


class Script:
    """Proposes what it is told, one list a step, all in one plan."""

    name = "script"
    state_type = State

    def __init__(self, *steps: list[Proposal], plan: Plan | None = None) -> None:
        self.steps = steps
        self.plan = plan or Plan()
        self.seen: list = []

    def initialize(self, ctx):
        return State(plan=self.plan, done=not self.steps)

    def propose(self, ctx, state):
        return self.steps[ctx.step - 1]

    def update(self, ctx, state, scored):
        self.seen.append(scored)
        return State(plan=self.plan, done=ctx.step >= len(self.steps)), Decision()

    def extract(self, ctx, state):
        return Extraction(ranking=tuple(e.proposal.artifact.id for e in ctx.trajectory.top(10)))


def word(text: str, **fields: object) -> Proposal:
    return Proposal(artifact=artifact(text), parents=(SEED.id,), **fields)


def test_a_run_finds_the_word_and_confirms_it() -> None:
    done = run(RuleClimber(), limits=Limits(evaluations=2_000), steps=200)
    assert done.word == HIDDEN
    assert done.outcome.confirmed[0].confirmation.all_passed
    assert len(done.outcome.confirmed) == 3
    assert done.outcome.unconfirmed is None


def test_the_order_of_events_of_one_step() -> None:
    done = run(Script([word("saaaaa")]))
    journaled = [e.type for e in done.events if not isinstance(e, Progress)]
    assert journaled == [
        "evaluated", "baseline", "updated", "proposed", "evaluated", "survived", "improved", "updated", "confirmed",
    ]  # fmt: skip
    assert [e.seq for e in done.events] == list(range(1, len(done.events) + 1))
    assert done.of(Baseline)[0].failed == ("select0", "select1", "select2", "select4", "select5")


def test_what_the_screen_turns_down_costs_nothing_and_is_journaled() -> None:
    done = run(Script([word("saaaaa"), word("saaaaa"), word("aaaaaa"), word("x" * 30_000)], [word("saaaaa")]))
    statuses = [[i.status for i in e.items] for e in done.of(Proposed)]
    assert statuses == [["ok", "duplicate", "noop", "constraint"], ["duplicate"]]
    assert len(done.evaluator.runs) == 1


def test_an_optimizer_sees_its_screened_out_proposals_without_evaluations() -> None:
    script = Script([word("saaaaa"), word("aaaaaa"), word("taaaaa", status="unparsable")])
    run(script)
    assert [(s.proposal.status, len(s.evaluations)) for s in script.seen[0]] == [
        ("ok", 1), ("noop", 0), ("unparsable", 0),
    ]  # fmt: skip


def test_a_first_gate_leaves_only_a_tally_of_what_a_rule_made() -> None:
    plan = Plan(stages=(Stage(name="filter", gate="all_passed"),))
    script = Script([word("seaaaa"), word("sexaaa", paid=True), word("secant")], plan=plan)
    done = run(script)
    first, paid, winner = script.seen[0]
    assert (first.last.passed, first.last.n, first.last.results) == (2, 3, ())
    assert len(paid.last.results) == 3
    assert winner.last.all_passed
    told = {e.artifact: e for e in done.of(Evaluated) if e.step == 1}
    assert told[first.proposal.artifact.id].evaluation is None
    assert told[first.proposal.artifact.id].passed == 2
    assert told[winner.proposal.artifact.id].evaluation.passed == 6
    assert [e.proposal["artifact"]["parts"][0]["text"] for e in done.of(Survived)] == ["secant"]


def test_later_stages_run_only_what_the_gate_let_through() -> None:
    plan = Plan(stages=(Stage(name="filter", size=2, gate="all_passed"), Stage(name="tests", gate="better")))
    done = run(Script([word("seaaaa"), word("cccccc"), word("secant")], plan=plan))
    stages = [stage for _, stage, _ in done.evaluator.runs]
    assert stages.count("filter") == 3
    assert stages.count("tests") == sum(1 for e in done.of(Evaluated) if e.stage == "filter" and e.passed == 2)


def test_keep_lets_the_best_through_and_the_earlier_of_equals() -> None:
    plan = Plan(stages=(Stage(name="look", keep=2), Stage(name="tests")))
    script = Script([word("saaaaa"), word("secaaa"), word("aeaaaa"), word("seaaaa")], plan=plan)
    done = run(script)
    assert [stage for _, stage, _ in done.evaluator.runs] == ["look"] * 4 + ["tests"] * 2
    assert [len(s.evaluations) for s in script.seen[0]] == [1, 2, 1, 2]


def test_evaluations_are_stamped_with_the_stage_and_split_that_were_asked() -> None:
    script = Script([word("saaaaa")], plan=Plan(stages=(Stage(name="look", split="fit"),)))
    run(script)
    assert (script.seen[0][0].last.stage, script.seen[0][0].last.split) == ("look", "fit")


def test_the_probe_is_the_incumbents_side_of_a_gate_on_the_same_batch() -> None:
    class Probing(Script):
        def initialize(self, ctx):
            return State(focus=(ctx.seed.id,), probe_size=3, plan=self.plan)

    plan = Plan(stages=(Stage(split="fit", size=3, gate="better"),))
    done = run(Probing([word("secant")], plan=plan), steps=1)
    assert [identity for identity, _, _ in done.evaluator.runs] == [SEED.id, artifact("secant").id]
    assert len({ids for _, _, ids in done.evaluator.runs}) == 1


def test_the_report_cases_are_read_by_confirmation_alone() -> None:
    class Nosy(Script):
        def propose(self, ctx, state):
            assert set(ctx.cases) == {"fit", "select"}
            return super().propose(ctx, state)

    done = run(Nosy([word("secant")]))
    assert not any(case.startswith("report") for _, _, ids in done.evaluator.runs for case in ids)
    assert done.evaluator.confirmed == [artifact("secant").id]


def test_the_next_in_rank_takes_the_place_of_one_that_confirmation_contradicts() -> None:
    done = run(Script([word("secant"), word("secana")]), evaluator=Letters(cold="secant"))
    assert done.word == "secana"
    assert [(e.ok, e.passed) for e in done.of(Confirmed)] == [(False, 6), (True, 5)]


def test_confirmations_are_limited() -> None:
    texts = [f"{a}{b}aaaa" for a in "sct" for b in "ecn"]
    done = run(Script([word(t) for t in texts]), confirmation=ConfirmationRules(alternatives=1, attempts=4))
    assert len(done.outcome.confirmed) == 2
    failing = run(Script([word("secant")]), evaluator=Letters(cold="secant"))
    assert failing.outcome.confirmed == ()
    assert failing.outcome.unconfirmed.proposal.artifact.text == "secant"


def test_improved_is_announced_for_new_bests_only() -> None:
    done = run(Script([word("saaaaa"), word("taaaaa"), word("seaaaa")], [word("seaaaa"), word("secaaa")]))
    assert [(e.step, e.passed) for e in done.of(Improved)] == [(1, 2), (1, 3), (2, 4)]


def test_progress_is_at_most_one_in_a_tenth_of_a_second() -> None:
    done = run(RuleClimber(width=50), steps=20)  # the clock stands still
    phases = [e.phase for e in done.of(Progress)]
    assert phases == ["baseline", "initialize", "extract", "confirm"]


@pytest.mark.parametrize(
    ("limits", "steps", "stop"),
    [(Limits(evaluations=0), None, "budget"), (Limits(evaluations=1), None, "budget"), (Limits(), 3, "budget")],
)
def test_a_budget_stops_the_run_cleanly(limits: Limits, steps: int | None, stop: str) -> None:
    done = run(RuleClimber(), limits=limits, steps=steps)
    assert done.outcome.stop == stop
    assert done.outcome.reason
    assert done.outcome.baseline.passed == 1


def test_no_model_is_asked_once_the_evaluations_are_used_up() -> None:
    done = run(ModelClimber(), limits=Limits(evaluations=3))
    assert len(done.model.calls) == 1
    assert done.outcome.spent.evaluations == 3


def test_a_budget_of_calls_stops_with_the_best_so_far() -> None:
    done = run(ModelClimber(), limits=Limits(calls=2))
    assert done.outcome.stop == "budget"
    assert len(done.model.calls) == 2
    assert done.outcome.confirmed
    assert done.outcome.spent.usage["optimizer"].calls == 2


def test_seconds_stop_between_two_evaluations() -> None:
    done = run(RuleClimber(), limits=Limits(seconds=0))
    assert (done.outcome.stop, done.evaluator.runs) == ("budget", [])


def test_cancelling_keeps_the_best_and_confirms_it() -> None:
    cancellation = Cancellation()

    def after_the_first_best(event) -> None:
        if isinstance(event, Improved):
            cancellation.cancel("Ctrl-C")

    done = run(RuleClimber(width=20), cancellation=cancellation, listeners=[after_the_first_best])
    assert (done.outcome.stop, done.outcome.reason) == ("cancelled", "Ctrl-C")
    assert done.outcome.confirmed
    assert [e.step for e in done.of(Updated)] == [0]  # the open step is not closed


def test_insisting_ends_without_confirmation() -> None:
    cancellation = Cancellation()

    def twice(event) -> None:
        if isinstance(event, Improved):
            cancellation.cancel()
            cancellation.cancel()

    done = run(RuleClimber(width=20), cancellation=cancellation, listeners=[twice])
    assert done.evaluator.confirmed == []
    assert done.outcome.unconfirmed is not None


def test_an_optimizer_without_ideas_ends_as_a_plateau() -> None:
    done = run(Script(*[[] for _ in range(1_000)]))
    assert (done.outcome.stop, done.outcome.steps) == ("plateau", 25)


def test_a_winner_whose_text_was_not_kept_is_passed_over_with_a_notice() -> None:
    class Forgetful(Script):
        def extract(self, ctx, state):
            return Extraction(ranking=("feedfacefeedface", artifact("saaaaa").id))

    done = run(Forgetful([word("saaaaa")]))
    assert done.word == "saaaaa"
    assert any("feedfacefeedface" in e.message for e in done.events if e.type == "notice")


def test_the_seed_is_never_a_winner() -> None:
    done = run(Script())
    assert done.outcome.stop == "done"
    assert (done.outcome.ranking, done.outcome.confirmed) == ((), ())


def test_an_unknown_allocator_is_a_bad_request() -> None:
    with pytest.raises(BadRequest, match="no allocator named guess"):
        run(Script([word("saaaaa")], plan=Plan(allocator="guess")))


def test_an_evaluator_that_answers_out_of_turn_is_found_out() -> None:
    class Swapped(Letters):
        def evaluate(self, artifacts, stage, case_ids):
            return reversed(list(super().evaluate(artifacts, stage, case_ids)))

    with pytest.raises(RuntimeError, match="was due"):
        run(Script([word("saaaaa"), word("seaaaa")]), evaluator=Swapped())


def test_an_evaluator_that_runs_ahead_is_given_no_more_than_the_budget_allows() -> None:
    class Ahead(Letters):
        def evaluate(self, artifacts, stage, case_ids):
            return iter(list(super().evaluate(artifacts, stage, case_ids)))

    done = run(RuleClimber(width=9), limits=Limits(evaluations=4), evaluator=Ahead())
    assert len(done.evaluator.runs) == 4


def test_a_proposal_that_loses_what_must_be_kept_is_turned_down() -> None:
    from secant.screening import Screen

    seed = Artifact(
        parts=(Part(name="a", text="say {x}", must_keep=("{x}",)), Part(name="b", text="!", editable=False))
    )
    screen = Screen(seed)

    def judged(proposed: Artifact) -> tuple[str, str]:
        proposal = screen.judge(Proposal(artifact=proposed, rationale="noted"))
        return proposal.status, proposal.rationale

    assert judged(seed.with_text("tell", "a")) == ("constraint", "it lost what must be kept: {x}\n\nnoted")
    assert judged(seed.with_text("?", "b")) == (
        "constraint", "it changed the part b, which must stay as it is\n\nnoted",
    )  # fmt: skip
    assert judged(Artifact(parts=seed.parts[:1])) == ("constraint", "it lost the part b\n\nnoted")
    assert judged(seed.with_text("tell {x} \udc80", "a"))[0] == "constraint"
    assert judged(seed.with_text("tell {x} é", "a")) == ("ok", "noted")


def test_what_cannot_stand_in_its_place_is_turned_down_with_the_reason() -> None:
    script = Script([word("saaaaa"), word("seaaaa", rationale="noted")])
    done = run(script, refusal=lambda artifact: "no e" if "e" in artifact.text else "")
    assert [identity for identity, _, _ in done.evaluator.runs] == [artifact("saaaaa").id]
    _, refused = script.seen[0]
    assert (refused.proposal.status, refused.proposal.rationale, refused.evaluations) == (
        "constraint", "no e\n\nnoted", (),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    evaluations=st.none() | st.integers(0, 40),
    calls=st.none() | st.integers(0, 8),
    tokens=st.none() | st.integers(0, 900),
    model=st.booleans(),
    seed=st.integers(0, 5),
)
def test_no_cap_is_ever_passed(evaluations, calls, tokens, model: bool, seed: int) -> None:
    limits = Limits(evaluations=evaluations, calls=calls, tokens=tokens)
    done = run(ModelClimber() if model else RuleClimber(), limits=limits, steps=6, seed=seed)
    assert evaluations is None or len(done.evaluator.runs) <= evaluations
    assert calls is None or len(done.model.calls) <= calls
    assert tokens is None or 90 * len(done.model.calls) <= tokens
    assert done.outcome.spent.evaluations == len(done.evaluator.runs)
