"""TextGrad through the real driver: critique, gate, rejections that stay visible, answers that are unusable."""

from __future__ import annotations

from cards.toy import Letters
from scripted import HALF, RIGHT, WORSE, drive, in_turn, reply

from secant.budget import Limits
from secant.optimizers.textgrad import TextGradOptimizer


def run(*answers, **settings):
    return drive(TextGradOptimizer(), in_turn(*answers), **settings)


def test_a_critique_then_a_new_version_until_all_passes() -> None:
    done = run(reply(HALF), reply(RIGHT))
    assert [a.purpose for a in done.model.asked] == ["critique", "update", "critique", "update"]
    assert done.winner == RIGHT
    assert done.outcome.stop == "done"
    assert done.states[-1]["done"]


def test_a_rejected_version_leaves_the_incumbent_and_is_shown() -> None:
    done = run(reply(WORSE, "gave up"), reply(HALF), reply(RIGHT))
    second, third = done.updates[1:3]
    assert "Version 1 (REJECTED): passes 1 of 4 tests" not in done.updates[0].prompt
    assert "Version 1 (REJECTED): passes 1 of 4 tests" in second.prompt  # None is right for test_none
    assert "What was changed: gave up" in second.prompt
    assert "range(start, stop):" in second.prompt  # the seed is current still
    assert "Earlier versions" not in third.prompt  # nothing was turned down since
    assert done.reasons[0] == "no better version"


def test_the_critic_and_the_optimizer_see_the_whole_function_and_its_context() -> None:
    done = run(reply(RIGHT))
    critic, optimizer = done.model.asked
    for asked in (critic, optimizer):
        assert "found.append(value)\n    return found" in asked.prompt
        assert "LIMIT = 9" in asked.prompt
        assert "count_up(1, -9) gave [], expected None" in asked.prompt
    assert "the stop is left out" in optimizer.prompt
    assert "<IMPROVED>" not in critic.prompt


def test_a_batch_that_all_passes_asks_nothing() -> None:
    done = drive(TextGradOptimizer(), in_turn("unused"), evaluator=Letters("aaaaaa"), steps=3)
    assert done.model.asked == []
    assert done.outcome.ranking == ()


def test_no_calls_end_with_the_seed() -> None:
    none = run(reply(RIGHT), limits=Limits(calls=0))
    assert (none.outcome.stop, none.winner, none.model.asked) == ("budget", None, [])
    one = run(reply(RIGHT), limits=Limits(calls=1))
    assert [a.purpose for a in one.model.asked] == ["update"]  # a critique alone would be paid for nothing
    assert one.winner == RIGHT
