"""Several optimizers under one budget: turns, plateaus, shares, and one trajectory for all."""

from __future__ import annotations

import sys

import pytest
from refining import TASK, assert_resumes, assert_resumes_anywhere, current, obedient, refine, without_count
from scripted import Asked, in_turn, reply

from secant.budget import Limits
from secant.errors import BadRequest, ConfigError
from secant.events import Updated
from secant.optimizers.gepa import GEPAState
from secant.optimizers.hessiangrad import HessianState
from secant.optimizers.portfolio import Member, PortfolioOptimizer, PortfolioSpec, PortfolioState
from secant.optimizers.spec import default, dump, parse

SPEC = default("portfolio", PortfolioSpec)


def portfolio(*names: str, patience: int = 2, share: float = 1.0) -> PortfolioOptimizer:
    members = tuple(Member(name=name, share=share) for name in names)
    return PortfolioOptimizer(SPEC.model_copy(update={"members": members, "patience": patience}))


def states(done) -> list[PortfolioState]:
    return [PortfolioState.model_validate(s) for s in done.states]


def turns(done) -> list[str]:
    """Who worked, without repetition."""
    at = [s.at for s in states(done)]
    return [name for n, name in enumerate(at) if not n or at[n - 1] != name]


def test_a_plateau_hands_the_best_to_the_next_member() -> None:
    """The first finds something, then nothing in two steps; the next begins from what it found."""
    answers = in_turn(reply("secaaa"), reply("zzzzzz"), reply("yyyyyy"), reply("secant"))
    done = refine(portfolio("textgrad", "gepa"), answers, steps=9)
    assert turns(done) == ["textgrad", "gepa"]
    second = next(s for s in states(done) if s.at == "gepa")
    assert GEPAState.model_validate(dict(second.member)).parent == second.start
    shown = [current(asked) for asked in done.updates]
    assert shown[-1] == "secaaa"
    assert done.winner == "secant"
    assert done.outcome.stop == "done"


def test_the_decision_says_why_and_who() -> None:
    answers = in_turn(reply("secaaa"), reply("zzzzzz"), reply("yyyyyy"), reply("secant"))
    done = refine(portfolio("textgrad", "gepa"), answers, steps=9)
    told = [reason for reason in done.reasons if "now gepa" in reason]
    assert len(told) == 1
    assert "textgrad found no new best in 2 steps; now gepa" in told[0]
    switched = next(e for e in done.events if isinstance(e, Updated) and "now gepa" in e.reason)
    assert switched.incumbent == PortfolioState.model_validate(switched.state).start


def test_it_is_over_when_all_are_tired() -> None:
    done = refine(portfolio("textgrad", "gepa", "hessiangrad"), in_turn("no"), steps=30)
    assert turns(done) == ["textgrad", "gepa", "hessiangrad"]
    assert done.outcome.stop == "done"
    assert done.reasons[-1].endswith("all are tired")
    assert states(done)[-1].tired == ("textgrad", "gepa", "hessiangrad")
    assert len(done.states) == 1 + 3 * 2


def test_a_new_best_makes_all_fresh_again() -> None:
    answers = in_turn(
        reply("zzzzzz"), reply("yyyyyy"),  # textgrad is tired
        reply("secaaa"), reply("xxxxxx"), reply("wwwwww"),  # gepa finds something
        reply("zzzaaa"), reply("yyyaaa"),
    )  # fmt: skip
    done = refine(portfolio("textgrad", "gepa"), answers, steps=9)
    assert turns(done)[:3] == ["textgrad", "gepa", "textgrad"]


def test_a_path_keeps_the_original_among_its_past() -> None:
    answers = in_turn(reply("secaaa"), reply("zzzzzz"), reply("yyyyyy"), reply("secaza"))
    done = refine(portfolio("gepa", "hessiangrad"), answers, steps=6)
    begun = next(s for s in states(done) if s.at == "hessiangrad")
    member = HessianState.model_validate(dict(begun.member))
    assert member.incumbent == begun.start != states(done)[0].start
    assert member.origins == (states(done)[0].start, begun.start)


def test_a_share_of_the_budget_ends_a_turn() -> None:
    done = refine(portfolio("textgrad", "gepa", patience=9, share=0.5), without_count, limits=Limits(calls=12))
    at = [s.at for s in states(done)]
    assert "gepa" in at
    assert "textgrad has used its share" in " ".join(done.reasons)
    assert done.outcome.stop == "budget" or done.outcome.confirmed


def test_who_found_something_in_its_share_comes_again() -> None:
    answers = in_turn(reply("secaaa"), *(reply(f"zzz{n}zz") for n in range(9)))
    done = refine(portfolio("textgrad", "gepa", patience=9, share=0.25), answers, steps=9, limits=Limits(calls=16))
    assert turns(done) == ["textgrad", "gepa", "textgrad"]
    assert "textgrad" not in next(s for s in states(done) if s.at == "gepa").tired


def test_the_next_begins_at_the_best_where_a_member_walked_downhill() -> None:
    def downhill(asked: Asked, number: int) -> str:
        return reply("secaaa" if number == 0 else f"z{number:05}")

    done = refine(portfolio("gpo", "gepa"), downhill, steps=4)
    switched = next(e for e in done.events if isinstance(e, Updated) and "now gepa" in e.reason)
    start = PortfolioState.model_validate(switched.state).start
    assert switched.incumbent == start
    assert done.winner == "secaaa"


def test_members_find_more_together_than_nothing() -> None:
    done = refine(portfolio("protegi", "gepa"), obedient, steps=30)
    assert done.winner == "secant"


def test_a_member_that_cannot_work_is_passed_over_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    done = refine(portfolio("textgrad", "mipro", "gepa"), in_turn("no"), steps=30)
    assert turns(done) == ["textgrad", "gepa"]
    assert any("mipro cannot work here: " in reason and "optuna" in reason for reason in done.reasons)
    with pytest.raises(BadRequest, match="optuna"):
        refine(portfolio("mipro", "gepa"), in_turn("no"))


@pytest.mark.parametrize("calls", [0, 1])
def test_no_calls_stop_cleanly(calls: int) -> None:
    done = refine(portfolio("textgrad", "gepa"), in_turn(reply("saaaaa")), limits=Limits(calls=calls))
    assert done.outcome.stop == "budget"
    assert len(done.model.asked) == calls


@pytest.mark.parametrize("at", [1, 3, 5, 6])
def test_two_sessions_are_one(at: int) -> None:
    def tiring(asked, number):
        """Repairs letters of the original alone, so that every member comes to its end."""
        return without_count(asked, number) if "<CURRENT>\naaaaaa" in asked.prompt else reply("zzzzzz")

    done = assert_resumes(lambda: portfolio("textgrad", "mipro", "gepa", "protegi"), tiring, steps=9, at=at)
    assert len(turns(done)) > 2


def test_its_calls_are_those_of_the_member_that_asks_most() -> None:
    told = portfolio("textgrad", "protegi").step_calls(TASK)
    assert (told.versions, told.critiques) == (32, 16)


def test_its_spec_is_data() -> None:
    assert parse(dump(SPEC), PortfolioSpec) == SPEC
    assert PortfolioOptimizer().step_calls(TASK).versions >= 1  # its members exist
    for wrong in ("gepa, share: 0.3}\n- {name: gepa", "portfolio, share: 0.3}\n- {name: gepa"):
        text = f"name: p\nsummary: s\nmembers:\n- {{name: {wrong}, share: 0.3}}\npatience: 2\noffered: 8\n"
        with pytest.raises(ConfigError, match="different, and no portfolio"):
            parse(text, PortfolioSpec)
    with pytest.raises(BadRequest, match="no optimizer named"):
        portfolio("textgrat")


def test_a_run_goes_on_wherever_it_was_cut_off() -> None:
    assert_resumes_anywhere(lambda: portfolio("gepa", "mipro"), without_count, steps=4, every=7)


def test_the_default_members_work_in_turn() -> None:
    done = refine(PortfolioOptimizer(), in_turn("no"), steps=20)
    assert turns(done) == [member.name for member in SPEC.members]
    assert done.reasons[-1].endswith("all are tired")
