"""Best of n: independent attempts at the original, at exactly as many calls as were asked for."""

from __future__ import annotations

from scripted import COUNT, HALF, RIGHT, WORSE, ScriptedRun, drive, function, in_turn, reply

from secant.budget import Limits
from secant.optimizers.sampling import SamplingOptimizer


def run(*answers: str, **settings) -> ScriptedRun:
    return drive(SamplingOptimizer(), in_turn(*answers), **settings)


def test_every_request_is_the_first_again() -> None:
    done = run(*(reply(text) for text in (WORSE, HALF, COUNT.replace("stop", "end"), WORSE)), reply(HALF), steps=3)
    assert [(a.purpose, a.n) for a in done.model.asked] == [("update", 4)] * 3
    assert len({a.prompt for a in done.model.asked}) == 1
    assert COUNT in done.model.asked[0].prompt
    assert [s["incumbent"] for s in done.states] == [function().id] * 4


def test_n_asked_is_n_paid_within_the_budget() -> None:
    done = run(reply(WORSE), reply(HALF), limits=Limits(calls=10), steps=None)
    assert [a.n for a in done.model.asked] == [4, 4, 2]
    assert sum(u.calls for u in done.outcome.spent.usage.values()) == 10
    assert done.outcome.stop == "budget"


def test_the_first_that_passes_everything_ends_it() -> None:
    done = run(reply(WORSE), reply(HALF), reply(WORSE), reply(HALF), reply(RIGHT))
    assert done.outcome.stop == "done"
    assert done.winner == RIGHT
    assert len(done.model.asked) == 2
