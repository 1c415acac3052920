"""One run of the engine as the benchmarks see it: its events add up, its last word is kept."""

from __future__ import annotations

import os
import time
from pathlib import Path

from benchmarks.engine_run import Listener, run_engine
from secant.config import OptimizeRequest
from secant.events import Evaluated, Notice, Proposed, ProposedItem, Survived
from secant.types import Artifact, Part, Proposal


def test_every_candidate_has_one_fate_the_last_one() -> None:
    good = Artifact(parts=(Part(name="f", text="def f(): ..."),))
    items = (ProposedItem(id=good.id), ProposedItem(id="bad"), ProposedItem(id="again", status="duplicate"))
    listener = Listener(began=time.time())
    listener(Proposed(step=0, items=items))
    listener(Evaluated(step=0, artifact=good.id, stage="screen", passed=2, total=2))
    listener(Evaluated(step=0, artifact="bad", stage="screen", passed=1, total=2))
    listener(Evaluated(step=0, artifact=good.id, stage="tests", passed=3, total=3))
    listener(Survived(step=0, proposal=Proposal(artifact=good).model_dump(mode="json", exclude_defaults=True)))
    assert {name: fate for name, (fate, _) in listener.fates.items()} == {good.id: "survived", "bad": "screen"}
    assert listener.unscreened == {"duplicate": 1}
    assert set(listener.rationales) == {good.id, "bad"}


def test_a_mark_is_when_something_was_first_told() -> None:
    listener = Listener(began=time.time() - 10)
    listener(Notice(message="one"))
    first = listener.marks["notice"]
    listener(Notice(message="two"))
    assert listener.marks["notice"] == first >= 10
    assert listener.notices == ["one", "two"]


def test_a_refused_request_is_told_with_its_reason(tmp_path: Path) -> None:
    request = OptimizeRequest(target="absent.py::f", folder=tmp_path)
    run = run_engine(request, min(os.sched_getaffinity(0)))
    assert (run.exit_code, run.outcome) == (2, "failed")
    assert "absent.py" in run.reason
