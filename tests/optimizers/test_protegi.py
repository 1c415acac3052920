"""ProTeGi: a beam, errors in groups, reasons, edits, paraphrases, a bandit, and the calls of all of it."""

from __future__ import annotations

from collections import Counter

import pytest
from cards.toy import Letters
from refining import TASK, assert_resumes, assert_resumes_anywhere, current, obedient, refine, two_parts, without_count
from scripted import drive, function, in_turn, reply

from secant.budget import Limits
from secant.errors import BadRequest, ConfigError
from secant.events import Evaluated
from secant.optimizer import Completion
from secant.optimizers.protegi import ProTeGiOptimizer, ProTeGiState
from secant.optimizers.protegi_spec import ProTeGiSpec
from secant.optimizers.spec import default, dump, parse
from secant.types import Artifact, Part, Proposal, Task

SPEC = default("protegi", ProTeGiSpec)


def spec(**knobs) -> ProTeGiSpec:
    given = SPEC.model_dump(mode="json")
    return ProTeGiSpec.model_validate({**given, "knobs": {**given["knobs"], **knobs}})


def purposes(done) -> Counter[str]:
    return Counter(asked.purpose for asked in done.model.asked)


def test_it_spells_the_word() -> None:
    done = refine(ProTeGiOptimizer(), obedient, steps=9)
    assert done.winner == "secant"
    assert done.outcome.stop == "done"


def test_a_round_asks_as_often_as_the_formula_says() -> None:
    """Five errors, four to a group: 4 reasons, 4 edits, min(2 x 5, 8 - 4) paraphrases for the one parent."""
    done = refine(ProTeGiOptimizer(), obedient, steps=1)
    assert purposes(done) == {"critique": 4, "update": 8}
    assert {asked.n for asked in done.model.asked} == {1}
    told = ProTeGiOptimizer().step_calls(TASK)
    assert (told.critiques, told.versions) == (4 * 4, 4 * 8)


@pytest.mark.parametrize(
    ("knobs", "critiques", "updates"),
    [
        ({"groups": 2, "reasons": 2, "edits": 2, "successors": 12, "paraphrases": 1}, 4, 8 + 4),
        ({"groups": 1, "paraphrases": 2}, 1, 1 + 4),
        ({"groups": 1, "paraphrases": 0}, 1, 1),
        ({"groups": 4, "errors": 5}, 1, 1 + 4),  # the four groups would be one and the same
    ],
)
def test_the_formula_follows_the_knobs(knobs, critiques: int, updates: int) -> None:
    done = refine(ProTeGiOptimizer(spec(**knobs)), obedient, steps=1)
    assert purposes(done) == {"critique": critiques, "update": updates}


def test_a_full_beam_asks_about_every_member_that_errs() -> None:
    done = refine(ProTeGiOptimizer(), obedient, steps=2)
    beam = ProTeGiState.model_validate(done.states[1]).focus
    assert len(beam) == 4
    asked = {current(a) for a in done.updates[8:]}
    texts = {p.artifact.text for e in done.events if e.type == "proposed" for p in _proposals(e)}
    assert asked <= {*texts, "aaaaaa"}
    assert len(asked) > 1


def _proposals(event) -> list[Proposal]:
    return [Proposal.model_validate(item.proposal) for item in event.items if item.proposal is not None]


def test_errors_reasons_and_versions_stand_in_the_requests() -> None:
    done = refine(ProTeGiOptimizer(), obedient, steps=1)
    reasons = [a for a in done.model.asked if a.purpose == "critique"]
    assert all(a.prompt.count("\nCase ") + a.prompt.startswith("Case ") == 4 for a in reasons)
    assert len({a.prompt for a in reasons}) > 1
    edits = [a for a in done.updates if "Those letters are wrong." in a.prompt]
    assert len(edits) == 4
    assert all("What counts as right: The letter at its place." in a.prompt for a in done.model.asked)
    again = [a for a in done.updates if "Say the same otherwise" in a.prompt]
    assert len(again) == 4
    assert not any("should be" in a.prompt for a in again)


def test_the_beam_is_the_best_on_the_select_cases_and_old_members_stay() -> None:
    worse = in_turn(*(reply(w) for w in ("secaaa", "zzzzzz")))
    done = refine(ProTeGiOptimizer(spec(beam=1)), worse, steps=3)
    beams = [ProTeGiState.model_validate(s).focus for s in done.states]
    assert beams[1] == beams[2] == beams[3] != beams[0]
    assert done.winner == "secaaa"
    assert done.reasons[-1] == "no usable answer"  # it had been tried before


def test_it_ends_after_its_rounds() -> None:
    done = refine(ProTeGiOptimizer(spec(rounds=2, groups=1, paraphrases=0)), obedient)
    assert done.outcome.stop == "done"
    assert len(done.reasons) == 2


def test_a_batch_without_errors_asks_nothing() -> None:
    class Blind(Letters):
        """The fit cases pass whatever the word is."""

        def _evaluation(self, candidate, stage, case_ids):
            whole = super()._evaluation(candidate, stage, case_ids)
            fine = tuple(r.model_copy(update={"score": 1.0}) if "fit" in r.case_id else r for r in whole.results)
            return whole.model_copy(update={"results": fine})

    done = refine(ProTeGiOptimizer(), obedient, evaluator=Blind(), steps=2)
    assert done.model.asked == []
    assert done.reasons == ["everything passed on this batch"] * 2


@pytest.mark.parametrize("calls", [0, 1, 2, 3, 5, 12, 13])
def test_no_budget_of_calls_is_passed(calls: int) -> None:
    done = refine(ProTeGiOptimizer(), obedient, limits=Limits(calls=calls))
    assert done.outcome.stop == "budget"
    assert len(done.model.asked) == calls
    assert purposes(done)["critique"] <= calls // 2  # a reason is followed by its version
    if calls == 0:
        assert done.outcome.ranking == ()


@pytest.mark.parametrize("name", ["uniform", "ucb", "ucb_e", "successive_rejects", "successive_halving"])
def test_every_allocator_keeps_its_pulls(name: str) -> None:
    """Fit cases by pulls, each version and case once; select cases for those that are kept, all of them."""
    done = refine(ProTeGiOptimizer(spec(allocator=name, pulls_each=3, beam=2)), obedient, steps=3)
    states = [ProTeGiState.model_validate(s) for s in done.states]
    seen: set[tuple[str, str]] = set()
    for step, state in enumerate(states[:-1], start=1):
        told = [e.evaluation for e in done.events if isinstance(e, Evaluated) and e.step == step]
        new = [e for e in told if e is not None and e.artifact_id not in state.focus]
        pulls = [(e.artifact_id, r.case_id) for e in new if e.split == "fit" for r in e.results]
        assert 0 < len(pulls) <= state.plan.settings["pulls"] == 3 * 8 * len(state.focus)
        assert len(pulls) == len(set(pulls))
        assert not seen & set(pulls)
        seen |= set(pulls)
        whole = [e for e in new if e.split == "select"]
        assert 0 < len(whole) <= 2
        assert {e.n for e in whole} == {6}


def test_two_sessions_are_one() -> None:
    assert_resumes(ProTeGiOptimizer, without_count, steps=3, at=1)
    assert_resumes(ProTeGiOptimizer, without_count, steps=4, at=2, evaluator=two_parts)


def test_parts_take_turns() -> None:
    done = refine(ProTeGiOptimizer(spec(beam=1, groups=1, paraphrases=0)), obedient, evaluator=two_parts(), steps=3)
    assert ["a prompt (its part left)" in a.prompt for a in done.updates] == [True, False, True]
    assert "CONTEXT>\nright:\naaa" in done.updates[0].prompt


def test_an_edit_is_written_without_a_reason_that_did_not_come() -> None:
    def script(asked, number):
        if asked.purpose == "critique":
            return Completion(id="x", text="", finish="failed", reason="overloaded")
        return obedient(asked, number)

    done = refine(ProTeGiOptimizer(), script, steps=1)
    assert purposes(done) == {"critique": 4, "update": 8}
    assert not any("as somebody else sees it" in a.prompt for a in done.updates)


def test_placeholders_have_to_stay() -> None:
    part = Part(name="word", text="aaaaa⟦q⟧", must_keep=("⟦q⟧",))
    kept = Letters(seed_artifact=Artifact(kind="prompt", parts=(part,)))
    done = refine(ProTeGiOptimizer(), in_turn(reply("secant")), evaluator=kept, steps=1)
    assert all("- keep ⟦q⟧ literally" in a.prompt for a in done.model.asked)
    assert set(done.statuses) == {"constraint"}
    assert purposes(done)["reask"] == purposes(done)["update"]  # a lost placeholder is a fault of form


def test_a_function_is_refused_and_a_model_is_required() -> None:
    with pytest.raises(BadRequest, match="refines prompts"):
        drive(ProTeGiOptimizer(), obedient, task=Task(kind="function", goal="fix"))
    assert function().kind == "function"
    with pytest.raises(BadRequest, match="needs a model"):
        refine(ProTeGiOptimizer(), None)


def test_its_spec_is_data() -> None:
    assert parse(dump(SPEC), ProTeGiSpec) == SPEC
    assert all(field.is_required() for field in type(SPEC.knobs).model_fields.values())
    with pytest.raises(ConfigError, match="more than the 3 successors"):
        parse(dump(SPEC).replace("successors: 8", "successors: 3"), ProTeGiSpec)


def test_a_run_goes_on_wherever_it_was_cut_off() -> None:
    assert_resumes_anywhere(ProTeGiOptimizer, without_count, steps=4, every=17)
