"""Whole runs of every optimizer for prompts on a real prompt file, as the engine conducts them."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from secant.events import Proposed, Updated
from secant.optimizers.mipro import MIPROState
from secant.types import Artifact
from tests.optimizers.promptfiles.counter import CODES, Counter, routed, rows, version

PART = "Answer with BIL for money, else say the queue."


def wordings(prompt: str, number: int) -> str:
    """A different text for each request, the codes in some of them."""
    drawn = zlib.crc32(prompt.encode())
    return version(routed(f"{CODES if drawn % 3 else PART} ({drawn % 97})"))(prompt, number)


def partly(prompt: str, number: int) -> str:
    """Never right for all."""
    return version(routed(f"{PART} ({number})"))(prompt, number)


@pytest.mark.parametrize("name", ["protegi", "gepa", "mipro", "portfolio"])
def test_a_prompt_is_improved(name: str, tmp_path: Path) -> None:
    run = Counter(tmp_path).refine(wordings, optimizer=name, max_steps=2)
    assert run.finished.outcome == "improved", run.finished.reason
    assert run.finished.score.after > run.finished.score.before
    assert "{{ticket}}" in run.finished.source
    assert all("⟦ticket⟧" in prompt for prompt in run.provider.optimizers)


@pytest.mark.parametrize("name", ["protegi", "gepa", "mipro"])
def test_a_run_goes_on_from_its_journal_without_asking_again(name: str, tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    whole = counter.refine(wordings, optimizer=name, max_steps=3, name="whole")
    first = counter.refine(wordings, optimizer=name, max_steps=1, name="first")
    rest = counter.refine(wordings, optimizer=name, max_steps=3, resume="first")
    assert rest.of(Updated)[-1:] == [] or rest.of(Updated)[-1].state == whole.of(Updated)[-1].state
    assert rest.finished.source == whole.finished.source
    assert first.provider.optimizers + rest.provider.optimizers == whole.provider.optimizers


def test_demonstrations_come_into_the_prompt_where_they_are_allowed(tmp_path: Path) -> None:
    counter = Counter(tmp_path, rows(60))
    run = counter.refine(partly, optimizer="mipro", max_steps=3, demonstrations=3, max_prompt_tokens=900)
    state = MIPROState.model_validate(run.of(Updated)[-1].state)
    assert len(state.sets) > 1
    texts = [
        Artifact.model_validate(item.proposal["artifact"]).text
        for event in run.of(Proposed)
        for item in event.items
        if item.proposal is not None
    ]
    shown = [text for text in texts if "Examples:\n\nInput: " in text]
    assert shown
    assert all(text.index("Examples:") < text.index("⟦ticket⟧") for text in shown)
