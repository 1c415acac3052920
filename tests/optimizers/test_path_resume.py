"""A run of a model-driven optimizer that goes on from its journal is the run that was never interrupted."""

from __future__ import annotations

import hashlib

import pytest
from cards.toy import Letters
from scripted import COUNT, RIGHT, Counting, drive, reply

from secant.events import Updated
from secant.history import History
from secant.registry import Registry

TRIES = [COUNT.replace("found.append(value)", f"found.append(value + {n})") for n in range(20)]


def answer(asked, number: int) -> str:
    """From the request alone, as a cached model would."""
    dice = hashlib.sha256(asked.prompt.encode()).digest()
    if asked.purpose == "critique":
        return f"perhaps {dice[0]}"
    if "<CURRENT>\ndef" not in asked.prompt:
        return reply("".join("secant"[n] if dice[n] % 2 else "a" for n in range(6)))
    return reply(RIGHT) if dice[0] < 12 else reply(TRIES[dice[1] % 20]) if dice[0] < 220 else "no"


@pytest.mark.parametrize("name", ["hessiangrad", "momentum", "textgrad", "sampling", "mixed"])
@pytest.mark.parametrize("evaluator", [Counting, Letters])
def test_two_sessions_are_one(name: str, evaluator: type) -> None:
    whole = drive(Registry().create(name), answer, evaluator=evaluator(), steps=5)
    first = drive(Registry().create(name), answer, evaluator=evaluator(), steps=2)
    stopped = [e for e in first.events if e.type != "finished"]
    second = drive(Registry().create(name), answer, evaluator=evaluator(), steps=5, history=History(stopped))
    assert second.winner == whole.winner
    assert [e.state for e in (*first.events, *second.events) if isinstance(e, Updated)] == whole.states
    assert [a.prompt for a in (*first.model.asked, *second.model.asked)] == [a.prompt for a in whole.model.asked]
