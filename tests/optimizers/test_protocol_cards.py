"""Every row of the table in algorithms.md 5.6, as a small optimizer of its own, run by the real driver.

What is asserted is what makes a row special: what it looks at, how many candidates it makes, how they are measured,
when it moves, and what it extracts. If one of them needed a change of the protocol, the protocol would be wrong.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest
from cards.adas import ADAS
from cards.ape import APE, POOL
from cards.gepa import GEPA
from cards.gpo import GPO, K
from cards.meta import INNER, InnerRuns, MetaPrompt, MetaStructure
from cards.momentum import WINDOW as MOMENTUM_WINDOW
from cards.momentum import Momentum
from cards.opro import OPRO
from cards.optoprime import OptoPrime
from cards.protegi import BEAM, ProTeGi
from cards.revolve import Revolve
from cards.tgd import TGD
from cards.toy import HIDDEN, SEED, Letters, Run, run, word_of

from secant.budget import Limits
from secant.events import Evaluated, Proposed, Updated
from secant.search.schedule import Schedule
from secant.types import Artifact, Part


def batches(done: Run, split: str) -> list[int]:
    """Sizes of what was measured on a split, in order."""
    return [len(ids) for _, _, ids in done.evaluator.runs if ids[0].startswith(split)]


def proposed(done: Run) -> list[int]:
    return [len(e.items) for e in done.of(Proposed)]


def means(done: Run) -> dict[str, float]:
    return {e.artifact: e.mean for e in done.of(Evaluated) if e.evaluation.split == "select"}


def test_tgd_one_edit_of_a_probed_incumbent_behind_a_gate() -> None:
    done = run(TGD(), steps=12)
    assert set(batches(done, "fit")) == {3}
    assert set(proposed(done)) <= {0, 1}
    assert len(done.model.calls) == sum(proposed(done))  # a batch that all passes costs no critique
    incumbents = [e.incumbent for e in done.of(Updated)]
    scores = [means(done).get(i, 1 / 6) for i in incumbents]
    assert scores == sorted(scores)
    assert done.outcome.ranking == (incumbents[-1],)  # the last accepted
    assert done.word == HIDDEN


def test_tgd_rejections_stay_visible() -> None:
    class Misled(Letters):
        def _evaluation(self, candidate, stage, case_ids):
            evaluation = super()._evaluation(candidate, stage, case_ids)
            if stage == "cases" and case_ids[0].startswith("fit"):  # its critique asks for the wrong letter
                wrong = tuple(r.model_copy(update={"feedback": "letter 3 should be x"}) for r in evaluation.results)
                return evaluation.model_copy(update={"results": wrong})
            return evaluation

    done = run(TGD(), steps=2, evaluator=Misled())
    (kept,) = [e for e in done.of(Evaluated) if e.evaluation.split == "select" and e.step > 0]
    assert kept.evaluation.results  # a model was paid for it: rejected, and kept in full
    assert [e.reason for e in done.of(Updated)][1:] == ["the gate turned it down"] * 2
    assert done.outcome.ranking == ()  # the incumbent is the seed still


def test_momentum_shows_a_window_of_past_values() -> None:
    done = run(Momentum(), steps=6)
    windows = [re.findall(r"past: (.*)", p)[0].split(" | ") for p in done.prompts]
    assert [len(w) for w in windows] == [min(MOMENTUM_WINDOW, n + 1) for n in range(len(windows))]
    assert windows[0] == [SEED.text]


def test_revolve_reports_evolution_rejections_and_a_word_budget() -> None:
    done = run(Revolve(), steps=8)
    assert any("rejected" in p for p in done.prompts) or any("accepted" in p for p in done.prompts)
    assert all(re.search(r"(progressing|stagnating|regressing): ", p) for p in done.prompts)
    budgets = [int(re.findall(r"at most (\d+)", p)[0]) for p in done.prompts]
    assert budgets == sorted(budgets, reverse=True)
    assert budgets[0] == Schedule(start=6, end=2, steps=8).words(1)
    assert means(done)[done.outcome.ranking[0]] == max(means(done).values())


def test_gpo_probes_nothing_makes_eight_and_walks_downhill() -> None:
    done = run(GPO(), steps=25)
    assert batches(done, "fit") == []
    assert set(batches(done, "select")) == {6}
    assert set(proposed(done)) == {8}
    assert [len(re.findall("scored", p)) for p in done.prompts][-1] == K - 1
    walked = [means(done).get(e.incumbent, 1 / 6) for e in done.of(Updated)]
    assert any(later < earlier for earlier, later in itertools.pairwise(walked))
    assert means(done)[done.outcome.ranking[0]] == max(means(done).values()) >= walked[-1]


def test_protegi_keeps_a_beam_by_a_bandit() -> None:
    done = run(ProTeGi(), steps=3)
    assert max(proposed(done)) <= 36
    assert proposed(done)[1] > 8  # the whole beam is expanded
    pulls = [(i, case) for i, _, ids in done.evaluator.runs if ids[0].startswith("select") for case in ids]
    assert max(Counter(pulls).values()) == 1
    assert len(pulls) <= 3 * 72
    assert 2 in batches(done, "select")  # batches of pulls, not the full split
    beam = done.state["focus"]
    assert len(beam) == BEAM
    assert set(done.outcome.ranking) <= set(beam)


def test_opro_shows_the_best_in_ascending_order_and_appends_all() -> None:
    done = run(OPRO(), steps=5)
    assert set(proposed(done)) == {8}
    assert set(batches(done, "fit")) == {6}  # the full train subset
    for prompt in done.prompts:
        scores = [int(s) for s in re.findall(r"scored (\d+)", prompt)]
        assert scores == sorted(scores)
        assert len(scores) <= 20
    assert len(re.findall("scored", done.prompts[-1])) > 8
    for step in range(1, 6):
        added = next(e for e in done.of(Updated) if e.step == step).accepted
        assert set(added) == {e.artifact for e in done.of(Evaluated) if e.step == step}


def test_ape_makes_its_pool_once_and_halves_it() -> None:
    done = run(APE(), limits=Limits(evaluations=2_000))
    assert proposed(done)[0] == POOL
    assert done.outcome.stop == "done"
    assert done.outcome.steps == 2
    first = Counter(e.artifact for e in done.of(Evaluated) if e.step == 1)
    assert max(first.values()) > min(first.values()) == 1  # the good arms were pulled again
    assert done.outcome.confirmed
    assert done.model.calls[0].n == POOL


def test_adas_shows_its_archive_and_repairs_what_fails() -> None:
    done = run(ADAS(), steps=8)
    assert set(proposed(done)) == {1}
    repairs = [p for p in done.prompts if p.startswith("repair")]
    assert repairs
    assert all("letter" in p for p in repairs)
    assert len(max((re.findall("scored", p) for p in done.prompts), key=len)) >= 3
    best = max(means(done).values())
    assert means(done)[done.outcome.ranking[0]] == best


def test_optoprime_changes_all_parts_with_one_call() -> None:
    parts = Artifact(kind="program", parts=(Part(name="left", text="aaa"), Part(name="right", text="aaa")))
    done = run(OptoPrime(), steps=4, evaluator=Letters(seed_artifact=parts))
    assert all("#Code letter" in p for p in done.prompts)
    assert set(batches(done, "fit")) == {4}
    (winner, *_) = done.outcome.confirmed
    assert word_of(winner.proposal.artifact) == HIDDEN
    changed = [i.proposal.get("changed", ()) for e in done.of(Proposed) for i in e.items]
    assert max(len(c) for c in changed) == 2


@pytest.mark.parametrize("card", [MetaPrompt, MetaStructure])
def test_a_meta_optimizer_runs_the_driver_below_with_a_fixed_budget(card) -> None:
    evaluator = InnerRuns("1")
    done = run(card(), steps=4, evaluator=evaluator)
    assert {c.level for c in done.model.calls} == {"meta"}
    assert len(done.model.calls) == 4  # the only calls of the meta level
    assert max(evaluator.spent) <= INNER
    assert len(evaluator.runs) == len(set(evaluator.runs))  # an identical spec is not run twice
    accepted = [i for e in done.of(Updated) for i in e.accepted]
    scores = [1 / 6, *(means(done)[i] for i in accepted)]
    assert all(later > earlier for earlier, later in itertools.pairwise(scores))  # strict
    if card is MetaStructure:
        assert any(">" in text for text in evaluator.runs)


def test_gepa_wants_a_gain_on_the_minibatch_before_the_full_look() -> None:
    done = run(GEPA(), steps=20, seed=2)
    assert set(batches(done, "fit")) == {3}
    children = {i.id: i.parents[0] for e in done.of(Proposed) for i in e.items}
    on_fit = {(e.step, e.artifact): e.mean for e in done.of(Evaluated) if e.evaluation.split == "fit"}
    full = {e.artifact for e in done.of(Evaluated) if e.evaluation.split == "select" and e.step > 0}
    assert full
    for (step, identity), mean in on_fit.items():
        parent = children.get(identity)
        if parent is not None and (step, parent) in on_fit:
            assert (identity in full) == (mean > on_fit[step, parent])
    parents = {e.incumbent for e in done.of(Updated)}
    assert len(parents) > 1  # sampled from the front, not always the best
    assert any(" > " in p for p in done.prompts)
    assert done.word == HIDDEN


@pytest.mark.parametrize(
    "card", [TGD, Momentum, Revolve, GPO, ProTeGi, OPRO, APE, ADAS, GEPA], ids=lambda c: c.__name__
)
@pytest.mark.parametrize("evaluations", [0, 1, 7])
def test_every_card_ends_cleanly_within_a_small_budget(card, evaluations: int) -> None:
    done = run(card(), limits=Limits(evaluations=evaluations, calls=5))
    assert done.outcome.stop == "budget"
    assert len(done.evaluator.runs) <= evaluations
    assert len(done.model.calls) <= 5
