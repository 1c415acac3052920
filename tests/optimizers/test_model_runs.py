"""Runs that ask a model, from the request to the last event: a server on loopback, real workers, a real journal."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from secant import engine
from secant.cancellation import Cancellation
from secant.cli.replay import request as replayed
from secant.config import Models, OptimizeRequest
from secant.events import Evaluated, Event, Failed, Finished, ModelCalled, Progress, Proposed
from secant.journal import RunStore
from secant.models.contract import ModelSettings
from tests.zoo.models.repairer import REPAIRED
from tests.zoo.models.server import Server, serving

KEY = "test-key-77aa01bc93de45f2"
WRONG = '''def to_roman(number):
    """The Roman numeral of a whole number from 1 to 3999."""
    values = [(1000, "M"), (500, "D"), (100, "C"), (50, "L"), (10, "X"), (5, "V"), (1, "I")]
    text = ""
    for value, letter in values:
        while number >= value:
            text += letter
            number -= value
    return text
'''
TESTS = """import pytest
from roman import to_roman


@pytest.mark.parametrize("number, text", [(1, "I"), (3, "III"), (4, "IV"), (9, "IX"), (40, "XL"), (1994, "MCMXCIV")])
def test_roman(number, text):
    assert to_roman(number) == text
"""

pytestmark = pytest.mark.usefixtures("preloaded_workers")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    (folder / "roman.py").write_text(WRONG)
    (folder / "test_roman.py").write_text(TESTS)
    return folder


@pytest.fixture
def repairer() -> Iterator[Server]:
    with serving("repairer") as server:
        yield server


def asked(project: Path, server: Server, **more: object) -> OptimizeRequest:
    models = {
        "levels": {
            "optimizer": ModelSettings(
                model="openai/small-model", base_url=server.base_url, key_variable="OPENAI_API_KEY"
            )
        }
    }
    models |= {name: more.pop(name) for name in ("record", "cache") if name in more}
    return OptimizeRequest(
        target="roman.py::to_roman", folder=project, optimizer="textgrad", models=Models(**models), **more
    )


def environment() -> Mapping[str, str]:
    return {**os.environ, "OPENAI_API_KEY": KEY}


def run(request: OptimizeRequest, cancellation: Cancellation | None = None) -> tuple[int, list[Event]]:
    told: list[Event] = []
    code = engine.optimize(request, [told.append], cancellation or Cancellation(), environment())
    return code, told


def calls(told: list[Event]) -> list[ModelCalled]:
    return [event for event in told if isinstance(event, ModelCalled)]


def ending(told: list[Event]) -> Finished:
    assert isinstance(told[-1], Finished), told[-1]
    return told[-1]


def test_a_model_repairs_what_it_is_asked_to(project: Path, repairer: Server) -> None:
    code, told = run(asked(project, repairer))
    last = ending(told)
    assert (code, last.outcome, last.source) == (0, "improved", REPAIRED)
    assert last.usage["optimizer"].calls == len(repairer.requests) == len(calls(told))
    assert last.usage["optimizer"].usd is None
    assert any("cost unknown" in sentence for sentence in last.evidence)
    assert (project / "roman.py").read_text() == WRONG


def test_additions_that_the_file_cannot_take_are_told_in_the_next_request(project: Path) -> None:
    with serving("repairer", "clasher", "repairer") as server:
        code, told = run(asked(project, server))
    (refused, used) = [item for event in told if isinstance(event, Proposed) for item in event.items]
    why = "it adds the name divmod, which is a built-in one, for the whole module"
    assert (refused.status, refused.rationale) == ("constraint", f"{why}\n\nA helper takes the quotient.")
    assert used.status == "ok"
    assert refused.id not in {event.artifact for event in told if isinstance(event, Evaluated)}
    assert why in str(server.requests[-1].body["messages"])
    assert (code, ending(told).source) == (0, REPAIRED)


def test_how_far_an_answer_has_come_is_told_while_the_run_waits_for_it(project: Path) -> None:
    told: list[Event] = []

    def let_go(event: Event) -> None:
        told.append(event)
        if isinstance(event, Progress) and event.phase == "answer":
            server.released.set()

    with serving("streaming_repairer") as server:
        code = engine.optimize(asked(project, server, cache=False), [let_go], Cancellation(), environment())
    assert (code, ending(told).source) == (0, REPAIRED)
    words = [event.message for event in told if isinstance(event, Progress) and event.phase == "answer"]
    assert words[0].startswith("receiving, ")


@pytest.mark.parametrize(("optimizer", "seconds"), [("textgrad", 600), ("", 120)])
def test_a_run_with_a_model_has_more_time(project: Path, repairer: Server, optimizer: str, seconds: int) -> None:
    cancellation, limits = Cancellation(), list[float]()

    def look(event: Event) -> None:
        if isinstance(event, Progress) and event.fraction:
            limits.append(event.seconds / event.fraction)
            cancellation.cancel()

    request = asked(project, repairer)
    request = request.model_copy(update={"optimizer": optimizer, "models": request.models if optimizer else None})
    engine.optimize(request, [look], cancellation, environment())
    assert limits[0] == pytest.approx(seconds, rel=0.05)


def test_the_key_is_sent_and_is_in_no_file(project: Path, repairer: Server) -> None:
    run(asked(project, repairer, record=project / "run.cassette.jsonl"))
    assert {received.authorization for received in repairer.requests} == {f"Bearer {KEY}"}
    files = [path for path in project.rglob("*") if path.is_file()]
    assert project / "run.cassette.jsonl" in files
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []


def test_a_cassette_is_the_same_run_without_a_model(project: Path, tmp_path: Path) -> None:
    cassette = tmp_path / "run.cassette.jsonl"
    with serving("repairer") as server:
        _, told = run(asked(project, server, record=cassette))
    again = replayed(cassette, project, None)
    assert isinstance(again, OptimizeRequest)
    assert again.models is not None
    assert again.models.replay == cassette
    _, played = run(again)
    assert ending(played).source == ending(told).source == REPAIRED
    assert [event.call.texts for event in calls(played)] == [event.call.texts for event in calls(told)]


def test_a_cassette_of_another_function_ends_the_run_and_says_so(project: Path, tmp_path: Path) -> None:
    cassette = tmp_path / "run.cassette.jsonl"
    with serving("repairer") as server:
        run(asked(project, server, record=cassette))
    (project / "test_roman.py").write_text(TESTS.replace("1994", "1995").replace("MCMXCIV", "MCMXCV"))
    code, told = run(replayed(cassette, project, None))
    last = told[-1]
    assert code != 0
    said = (
        last.reason if isinstance(last, Finished) else f"{last.message} {last.hint}" if isinstance(last, Failed) else ""
    )
    assert "cassette" in said


def test_a_run_that_was_ended_pays_for_nothing_twice(project: Path, repairer: Server) -> None:
    cancellation = Cancellation()

    def end_at_the_first_answer(event: Event) -> None:
        if isinstance(event, ModelCalled) and not cancellation.cancelled:
            cancellation.cancel("killed")
            cancellation.cancel("killed")

    told: list[Event] = []
    request = asked(project, repairer, cache=False)
    engine.optimize(request, [told.append, end_at_the_first_answer], cancellation, environment())
    paid = len(repairer.requests)
    assert 0 < paid < 3
    store = RunStore(project)
    (identity,) = store.ids()
    code = engine.resume(store, identity, [told.append], Cancellation(), environment())
    assert (code, ending(told).source) == (0, REPAIRED)
    prompts = [str(received.body["messages"]) for received in repairer.requests]
    assert len(prompts) == len(set(prompts)) > paid
    assert ending(told).usage["optimizer"].calls == len(prompts)


def test_a_wrong_key_ends_the_run_with_what_to_do(project: Path) -> None:
    with serving("unauthorized") as server:
        code, told = run(asked(project, server))
        asked_for = len(server.requests)
    assert code != 0
    assert asked_for == 1
    last = told[-1]
    said = f"{last.message} {last.hint}" if isinstance(last, Failed) else ending(told).reason
    assert "OPENAI_API_KEY" in said
    assert KEY not in said


def test_a_cap_of_calls_is_kept(project: Path, repairer: Server) -> None:
    _, told = run(asked(project, repairer, max_calls=0))
    assert repairer.requests == []
    assert ending(told).outcome == "unchanged"


def test_the_same_request_of_a_later_run_costs_nothing(project: Path, repairer: Server) -> None:
    run(asked(project, repairer))
    paid = len(repairer.requests)
    _, told = run(asked(project, repairer))
    assert len(repairer.requests) == paid
    assert ending(told).source == REPAIRED
    assert ending(told).usage.get("optimizer") is None or ending(told).usage["optimizer"].calls == 0
