"""GEPA: parents from the per-case front, reflection on a few cases, a strict gate, merges."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from cards.toy import Letters
from refining import (
    TASK,
    assert_resumes,
    assert_resumes_anywhere,
    current,
    obedient,
    refine,
    two_parts,
    without_count,
)
from scripted import Asked, in_turn, reply

from secant.budget import Budget, Limits
from secant.errors import BadRequest
from secant.events import Evaluated, Proposed
from secant.optimizer import Context
from secant.optimizers.gepa import GEPAOptimizer, GEPASpec, GEPAState
from secant.optimizers.gepa_merging import Merge, found
from secant.optimizers.spec import default, dump, parse
from secant.search.trajectory import RunTrajectory
from secant.types import Artifact, Part, Proposal, Task

SPEC = default("gepa", GEPASpec)


def spec(**knobs) -> GEPASpec:
    given = SPEC.model_dump(mode="json")
    return GEPASpec.model_validate({**given, "knobs": {**given["knobs"], **knobs}})


def states(done) -> list[GEPAState]:
    return [GEPAState.model_validate(s) for s in done.states]


def proposals(done) -> list[Proposal]:
    items = [item for e in done.events if isinstance(e, Proposed) for item in e.items]
    return [Proposal.model_validate(item.proposal) for item in items if item.proposal is not None]


def word(artifact: Artifact) -> str:
    return "".join(part.text for part in artifact.parts)


def test_it_spells_the_word() -> None:
    done = refine(GEPAOptimizer(), obedient, steps=40)
    assert done.winner == "secant"
    assert done.outcome.stop == "done"


def test_a_step_asks_once() -> None:
    done = refine(GEPAOptimizer(spec(merges=0)), obedient, steps=4)
    told = GEPAOptimizer().step_calls(TASK)
    assert (told.versions, told.critiques) == (1, 0)
    assert Counter(a.purpose for a in done.model.asked) == {"update": 4}
    assert all(a.n == 1 for a in done.model.asked)


def test_what_is_no_better_on_the_same_few_cases_is_not_looked_at_further() -> None:
    done = refine(GEPAOptimizer(), in_turn(reply("zzzzzz"), reply("secanz")), steps=2)
    split = {(e.step, e.evaluation.split): e.total for e in done.events if isinstance(e, Evaluated) and e.step}
    assert split == {(1, "fit"): 3, (2, "fit"): 3, (2, "select"): 6}
    assert done.reasons[0] == "not better on the same cases"
    assert done.winner == "secanz"


def test_the_gate_is_the_parents_not_the_seeds() -> None:
    """The second version is better than the seed on all cases, but not better than the parent that was drawn."""
    answers = in_turn(reply("secanz"), reply("secazz"))
    done = refine(GEPAOptimizer(spec(probe_size=6)), answers, steps=2)
    assert states(done)[1].parent == states(done)[2].parent != states(done)[0].parent
    assert done.reasons[1] == "not better on the same cases"


def test_a_request_has_inputs_outputs_feedback_and_traces() -> None:
    done = refine(GEPAOptimizer(), obedient, steps=1)
    (asked,) = done.updates
    assert asked.prompt.count("Feedback: letter") == 3
    assert "Got: a" in asked.prompt
    assert "How the failing cases came about:\n<TRACES>\nCase fit" in asked.prompt
    assert "How it is used: It is read letter by letter." in asked.prompt


def test_a_batch_without_errors_asks_nothing() -> None:
    seed = Letters(seed_artifact=Artifact(kind="prompt", parts=(Part(name="word", text="secanx"),)))
    done = refine(GEPAOptimizer(spec(probe_size=1)), in_turn("no"), evaluator=seed, steps=5)
    passed = done.reasons.count("everything passed on this batch")
    assert passed >= 3
    assert len(done.updates) == 5 - passed


def test_two_of_one_part_that_complement_each_other_are_crossed() -> None:
    answers = in_turn(reply("sexxxx"), reply("xxcant"), reply("secant"))
    done = refine(GEPAOptimizer(spec(probe_size=6)), answers, steps=3)
    merge = states(done)[2].merge
    assert merge is not None
    assert merge.ancestor == ""
    asked = done.updates[2].prompt
    tried = "of the 6 cases that it was tried on"
    assert (
        f"Version A (passes 4 {tried}):\n<VERSION>\nxxcant\n</VERSION>\nCases that this version alone gets right:"
        in asked
    )
    assert f"Version B (passes 2 {tried}):\n<VERSION>\nsexxxx\n</VERSION>" in asked
    assert "should be" not in asked
    assert proposals(done)[2].parents == (merge.first, merge.second)
    assert done.winner == "secant"
    assert done.reasons[2] == "the two were merged"


def halves(left: str, right: str, *parents: Artifact) -> Proposal:
    artifact = Artifact(kind="prompt", parts=(Part(name="left", text=left), Part(name="right", text=right)))
    return Proposal(artifact=artifact, parents=tuple(p.id for p in parents))


def pool(*members: Proposal) -> Context:
    """A run that measured these, the seed first."""
    letters, trajectory = Letters(), RunTrajectory()
    names = [f"select{n}" for n in range(6)]
    for step, member in enumerate(members):
        trajectory.add(step, member, [letters._evaluation(member.artifact, "cases", names)], survived=True)
    seed = members[0].artifact
    return Context(
        task=TASK, seed=seed, baseline=trajectory.evaluations(seed.id)[0], cases=letters.cases(), probes={},
        trajectory=trajectory, budget=Budget(), rng=random.Random(0), step=len(members),
    )  # fmt: skip


def test_parts_that_two_descendants_changed_are_merged_without_a_question() -> None:
    seed = halves("saa", "aaa")
    left, right = halves("xec", "aaa", seed.artifact), halves("saa", "ant", seed.artifact)
    ctx = pool(seed, left, right)
    ids = [p.artifact.id for p in (left, right)]
    merge = found(ctx, ids, (), random.Random(0), crossover=False)
    assert merge == Merge(first=ids[1], second=ids[0], ancestor=seed.artifact.id)
    assert found(ctx, ids, [merge.pair], random.Random(0), crossover=True) is None
    (proposed,) = GEPAOptimizer().propose(ctx, GEPAState(merge=merge))  # there is no model
    assert word(proposed.artifact) == "xecant"
    assert proposed.parents == (ids[1], ids[0])
    assert proposed.changed == ("left",)


def test_who_descends_from_the_other_or_changed_the_same_part_is_not_merged() -> None:
    seed = halves("saa", "aaa")
    one, two = halves("xec", "aaa", seed.artifact), halves("sxc", "aaa", seed.artifact)
    child = halves("xxa", "ant", one.artifact)
    ctx = pool(seed, one, two, child)
    assert found(ctx, [one.artifact.id, child.artifact.id], (), random.Random(0), crossover=True) is None
    assert found(ctx, [one.artifact.id, two.artifact.id], (), random.Random(0), crossover=False) is None
    crossed = found(ctx, [one.artifact.id, two.artifact.id], (), random.Random(0), crossover=True)
    assert crossed is not None
    assert crossed.ancestor == ""


def test_merges_can_be_left_out_and_are_counted() -> None:
    answers = in_turn(reply("sexxxx"), reply("xxcant"), reply("secant"))
    assert all(s.merge is None for s in states(refine(GEPAOptimizer(spec(merges=0)), answers, steps=4)))
    answers = in_turn(reply("sexxxx"), reply("xxcant"), reply("secant"))
    alone = refine(GEPAOptimizer(spec(crossover=False, probe_size=6)), answers, steps=4)
    assert all(s.merge is None for s in states(alone))
    done = refine(GEPAOptimizer(spec(merges=1)), obedient, steps=30)
    assert max(len(s.merged) for s in states(done)) <= 1


@pytest.mark.parametrize("calls", [0, 1, 3])
def test_no_budget_of_calls_is_passed(calls: int) -> None:
    done = refine(GEPAOptimizer(), obedient, limits=Limits(calls=calls))
    assert done.outcome.stop == "budget"
    assert len(done.model.asked) == calls
    if calls == 0:
        assert done.outcome.ranking == ()


def crossing(asked: Asked, number: int) -> str:
    """Two versions that complement each other, from the request alone."""
    if "Version A" in asked.prompt:
        return reply("secanx")
    first = int(re.findall(r"Case fit(\d)", asked.prompt)[0])  # another one in every epoch
    return reply("sexxxx" if first % 2 else "xxcant") if current(asked) == "aaaaaa" else reply("zzzzzz")


@pytest.mark.parametrize("at", [1, 4])
def test_two_sessions_are_one(at: int) -> None:
    assert_resumes(GEPAOptimizer, without_count, steps=9, at=at)
    assert_resumes(GEPAOptimizer, without_count, steps=9, at=at, evaluator=two_parts)


@pytest.mark.parametrize("at", range(1, 6))
def test_two_sessions_with_a_merge_are_one(at: int) -> None:
    done = assert_resumes(lambda: GEPAOptimizer(spec(probe_size=6)), crossing, steps=6, at=at)
    assert any(s.merge is not None for s in states(done))
    assert done.winner == "secanx"


def test_a_function_is_refused() -> None:
    with pytest.raises(BadRequest, match="refines prompts"):
        refine(GEPAOptimizer(), obedient, task=Task(kind="function", goal="fix"))


def test_its_spec_is_data() -> None:
    assert parse(dump(SPEC), GEPASpec) == SPEC
    assert all(field.is_required() for field in type(SPEC.knobs).model_fields.values())


def test_a_run_goes_on_wherever_it_was_cut_off() -> None:
    assert_resumes_anywhere(GEPAOptimizer, without_count, steps=4, every=5, evaluator=two_parts)
