"""The toy prompt for the optimizers that refine prompts: models that answer from a request alone, and runs of them."""

from __future__ import annotations

import hashlib
import json
import re

from cards.toy import ALPHABET, Letters
from scripted import Asked, ScriptedRun, drive, reply

from secant.events import Updated
from secant.history import History
from secant.optimizer import Optimizer
from secant.types import Artifact, Part, Task

TASK = Task(
    kind="prompt",
    goal="Spell the hidden word.",
    description="A letter for each case.",
    facts={"judged": "The letter at its place.", "usage": "It is read letter by letter."},
)


def two_parts(**fields) -> Letters:
    """The word in two halves."""
    halves = (Part(name="left", text="aaa"), Part(name="right", text="aaa", **fields))
    return Letters(seed_artifact=Artifact(kind="prompt", parts=halves))


def current(asked: Asked) -> str:
    """The version that a request is about."""
    return asked.prompt.split("<CURRENT>\n")[1].split("\n</CURRENT>")[0]


def dice(asked: Asked, number: int) -> bytes:
    return hashlib.sha256(f"{asked.prompt}/{asked.purpose}/{number}".encode()).digest()


def obedient(asked: Asked, number: int) -> str:
    """Repairs a letter that the feedback names; where there is none, changes one at random."""
    if asked.purpose == "critique":
        return "Those letters are wrong."
    word = current(asked)
    remarks = re.findall(r"letter (\d+) should be (\w)", asked.prompt)
    rolled = dice(asked, number)
    place, letter = rolled[0] % len(word), ALPHABET[rolled[1] % len(ALPHABET)]
    if remarks:
        place, letter = int(remarks[rolled[0] % len(remarks)][0]) % len(word), remarks[rolled[0] % len(remarks)][1]
    return reply(f"{word[:place]}{letter}{word[place + 1 :]}")


def without_count(asked: Asked, number: int) -> str:
    """As `obedient`, from the request alone: what a resumed run asks is answered as before."""
    return obedient(asked, 0)


def refine(optimizer: Optimizer, script, **settings) -> ScriptedRun:
    return drive(optimizer, script, **{"evaluator": Letters(), "task": TASK, **settings})


def assert_resumes(make, script, *, steps: int, at: int, evaluator=Letters) -> ScriptedRun:
    """Two sessions are one: the same requests, states and winner; and every state survives JSON."""
    whole = refine(make(), script, evaluator=evaluator(), steps=steps)
    first = refine(make(), script, evaluator=evaluator(), steps=at)
    stopped = [e for e in first.events if e.type != "finished"]
    second = refine(make(), script, evaluator=evaluator(), steps=steps, history=History(stopped))
    assert _winners(second) == _winners(whole)
    assert [e.state for e in (*first.events, *second.events) if isinstance(e, Updated)] == whole.states
    assert [a.prompt for a in (*first.model.asked, *second.model.asked)] == [a.prompt for a in whole.model.asked]
    for state in whole.states:
        read = make().state_type.model_validate(json.loads(json.dumps(state)))
        assert read.model_dump(mode="json") == dict(state)
    return whole


def assert_resumes_anywhere(make, script, *, steps: int, every: int, evaluator=Letters) -> None:
    """A run that was cut off behind any event, inside a step too, ends as the whole one does."""
    whole = refine(make(), script, evaluator=evaluator(), steps=steps)
    told = [e for e in whole.events if e.type not in ("finished", "confirmed")]
    for length in range(2, len(told), every):
        rest = refine(make(), script, evaluator=evaluator(), steps=steps, history=History(told[:length]))
        assert _winners(rest) == _winners(whole), told[length - 1]
        states = [e.state for e in (*told[:length], *rest.events) if isinstance(e, Updated)]
        assert states == whole.states, told[length - 1]


def _winners(done: ScriptedRun) -> list[str]:
    return [candidate.proposal.artifact.id for candidate in done.outcome.confirmed]
