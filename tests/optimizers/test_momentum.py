"""Momentum shows a window of versions with their feedback, and what fails in all of them."""

from __future__ import annotations

import re

from scripted import COUNT, HALF, RIGHT, WORSE, ScriptedRun, drive, in_turn, reply

from secant.optimizers.momentum import MomentumOptimizer
from secant.optimizers.spec import OptimizerSpec, default

TRIES = [COUNT.replace("found.append(value)", f"found.append(value + {n})") for n in range(1, 8)]


def run(*answers: str, window: int | None = None, tokens: int | None = None) -> ScriptedRun:
    spec = default("momentum", OptimizerSpec)
    changes = {"window": window, "window_tokens": tokens}
    knobs = spec.knobs.model_copy(update={k: v for k, v in changes.items() if v is not None})
    return drive(MomentumOptimizer(spec.model_copy(update={"knobs": knobs})), in_turn(*answers), steps=len(answers))


def numbers(prompt: str) -> list[str]:
    return re.findall(r"^Version (\d+) \((.*?)\)", prompt, re.MULTILINE)


def test_the_first_version_is_in_the_current_one_out_and_rejections_are_marked() -> None:
    done = run(reply(WORSE), reply(HALF), reply(COUNT.replace("append", "extend")), reply(RIGHT))
    shown = [numbers(a.prompt) for a in done.updates]
    assert shown == [
        [],
        [("1", "REJECTED")],  # the original is current
        [("0", "the original"), ("1", "REJECTED")],  # version 2 is current
        [("0", "the original"), ("1", "REJECTED"), ("3", "REJECTED")],
    ]


def test_every_version_has_the_feedback_that_it_received() -> None:
    done = run(reply(WORSE, "gave up"), reply(HALF), reply(RIGHT))
    prompt = done.updates[2].prompt
    assert "What was changed: gave up" in prompt
    assert "<MEASURED>\ntest_one: AssertionError: count_up(1, 1) gave None, expected [1]" in prompt
    assert "<MEASURED>\ntest_one: AssertionError: count_up(1, 1) gave [], expected [1]" in prompt


def test_the_window_is_bounded_in_versions_and_in_tokens() -> None:
    answers = [reply(HALF), *(reply(text) for text in TRIES), reply(RIGHT)]
    last = run(*answers, window=3).updates[-1].prompt
    assert [n for n, _ in numbers(last)] == ["0", "7", "8"]
    narrow = run(*answers, window=6, tokens=50).updates[-1].prompt
    assert len(numbers(narrow)) == 6
    assert narrow.count("is left out here") >= 4


def test_what_fails_in_every_version_is_named() -> None:
    done = run(reply(WORSE), reply(HALF), reply(RIGHT))
    assert "fail in the current version and in every version shown: test_one, test_three." in done.updates[1].prompt
    assert "in every version shown" not in done.updates[2].prompt  # test_none passes in version 1
    assert "Compare what was measured" not in done.updates[0].prompt
