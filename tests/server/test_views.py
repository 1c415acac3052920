"""What goes over the wire is JSON in camelCase, with exactly the fields that the contract names."""

from __future__ import annotations

import json

from secant_server.proposals import Placed
from secant_server.text import Span
from secant_server.views import RunView, proposal_view
from tests.server.golden.samples import ALTERNATIVE, URI, WINNER, proposal, run


def test_a_run_over_the_wire() -> None:
    sent = json.loads(json.dumps(run(proposal="p").wire()))
    assert set(sent) == {
        *(
            "id",
            "uri",
            "name",
            "judges",
            "doing",
            "goal",
            "state",
            "phase",
            "message",
            "evaluations",
            "best",
            "seconds",
        ),
        *("fraction", "outcome", "summary", "started", "proposal", "spent", "usage", "forecast"),
    }
    assert RunView.model_validate(sent) == run(proposal="p")


def test_a_proposal_over_the_wire() -> None:
    sent = json.loads(json.dumps(proposal_view(proposal(), Placed("ready", Span(8, 15), None), URI).wire()))
    assert sent == {
        "id": proposal().id,
        "run": proposal().id,
        "uri": URI,
        "name": "Basket.total",
        "judges": "tests",
        "standing": "ready",
        "summary": "2.3x faster · 14/14 tests",
        "rationale": WINNER.rationale,
        "confirmed": True,
        "range": {"start": {"line": 8, "character": 0}, "end": {"line": 15, "character": 0}},
        "options": [
            {"index": 0, "summary": "2.3x faster · 14/14 tests", "rationale": WINNER.rationale, "differs": []},
            {
                "index": 1,
                "summary": "3.0x faster · 14/14 tests",
                "rationale": ALTERNATIVE.rationale,
                "differs": [dict(ALTERNATIVE.differs[0])],
            },
        ],
    }


def test_a_proposal_without_a_place_and_one_whose_alternative_was_applied() -> None:
    assert proposal_view(proposal(), Placed("stale", None, None), URI).range is None
    applied = proposal_view(proposal(), Placed("applied", Span(8, 11), 1), URI)
    assert (applied.summary, applied.rationale) == ("3.0x faster · 14/14 tests", ALTERNATIVE.rationale)
