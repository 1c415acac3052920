"""How a proposal stands to a text: derived, whatever was done to the text in between."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest

from secant import journal
from secant.events import (
    Alternative,
    Baseline,
    Confirmed,
    Event,
    Failed,
    Finished,
    Improved,
    RunStarted,
    Survived,
    TargetFound,
    TestCount,
)
from secant.types import Artifact, Part
from secant.types import Proposal as Candidate
from secant_server.outcomes import from_events
from secant_server.outline import outline
from secant_server.proposals import Decision, Option, Placed, Proposal, merged, placed, placed_all
from secant_server.text import Span

BASE = "    def total(self):\n        return 0\n"
BETTER = "    def total(self):\n        # all of them\n        return sum(self.prices)\n"
OTHER = "    def total(self):\n        return max(self.prices)\n"
BEFORE, AFTER = "class Basket:\n    prices = (1,)\n\n", "\n\ndef last():\n    return 1\n"
TEXT = BEFORE + BASE + AFTER
COUNT = TestCount(passed=6, total=6)

PROPOSAL = Proposal(
    id="20260131-142533120-9f3a",
    path=Path("shop.py"),
    name="Basket.total",
    base=BASE,
    options=(Option(source=BETTER, tests=COUNT), Option(source=OTHER, tests=COUNT)),
    created=2.0,
)


def stands(text: str, decision: str | None = None) -> Placed:
    return placed(PROPOSAL, text, outline(text), decision)  # type: ignore[arg-type]


def test_it_is_ready_while_its_base_is_there() -> None:
    assert stands(TEXT) == Placed("ready", Span(3, 5))


def test_it_moves_with_its_function() -> None:
    assert stands("import os\n\n" + TEXT) == Placed("ready", Span(5, 7))


def test_line_ends_do_not_matter() -> None:
    assert stands(TEXT.replace("\n", "\r\n")) == Placed("ready", Span(3, 5))
    assert stands((BEFORE + BASE).removesuffix("\n")) == Placed("ready", Span(3, 5))


@pytest.mark.parametrize(("option", "source"), [(0, BETTER), (1, OTHER)])
def test_it_is_applied_where_one_of_its_texts_is_there(option: int, source: str) -> None:
    assert stands(BEFORE + source + AFTER).standing == "applied"
    assert stands(BEFORE + source + AFTER).option == option


def test_formatting_does_not_make_an_applied_one_foreign() -> None:
    formatted = "    def total(self):\n\n        return sum(\n            self.prices,\n        )  # sum\n"
    assert stands(BEFORE + formatted + AFTER).standing == "applied"


def test_a_keystroke_parses_the_edited_function_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its options are compared with every text, and parsed once."""
    once, twice = (TEXT.replace("return 0", f"return {digits}") for digits in ("1", "12"))
    assert stands(once).standing == "stale"
    now, parsed, parse = outline(twice), list[str](), ast.parse
    with monkeypatch.context() as patch:
        patch.setattr(ast, "parse", lambda source: parsed.append(source) or parse(source))
        found = placed(PROPOSAL, twice, now, None)
    assert found.standing == "stale"
    assert len(parsed) == 1
    assert "return 12" in parsed[0]


def test_undo_brings_the_offer_back() -> None:
    assert stands(TEXT, "applied").standing == "ready"


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("return 0", "return 0 + 0"),
        TEXT.replace("return 0", "return 0  # none"),
        BEFORE + AFTER,
        TEXT.replace("total", "sum_of_all"),
        TEXT.replace("class Basket", "class Bag"),
        TEXT.replace("return 0", "return 0 +"),
    ],
    ids=["edited", "comment added", "deleted", "renamed", "class renamed", "does not parse"],
)
def test_it_is_stale_where_its_function_is_not_what_was_measured(text: str) -> None:
    assert stands(text).standing == "stale"
    assert merged(PROPOSAL, 0, text, outline(text)) is None


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("function", "decision", "expected"),
    [
        (BASE, None, Placed("ready", Span(4, 6))),
        (BASE, "rejected", Placed("rejected", Span(4, 6))),
        (BETTER, "applied", Placed("applied", Span(4, 7), 0)),
        (OTHER, None, Placed("applied", Span(4, 6), 1)),
        (OTHER.replace("max", "min"), "applied", Placed("applied")),
    ],
)
def test_while_the_file_does_not_parse_it_stands_as_before(
    function: str, decision: str | None, expected: Placed, end: str
) -> None:
    """But nothing is applied: of which class the lines are, nobody can say."""
    text = f"def broken(:\n{BEFORE}{function}{AFTER}".replace("\n", end)
    assert stands(text, decision) == expected
    assert merged(PROPOSAL, 0, text, outline(text)) is None


def test_the_last_line_of_a_file_that_does_not_parse_may_have_no_end() -> None:
    assert stands(f"def broken(:\n{BEFORE}{BASE}".removesuffix("\n")) == Placed("ready", Span(4, 6))


def test_a_rejected_one_stays_rejected() -> None:
    assert stands(TEXT, "rejected").standing == "rejected"
    assert stands(TEXT.replace("return 0", "return 1"), "rejected").standing == "rejected"


def test_one_that_was_applied_and_edited_since_is_done_with() -> None:
    assert stands(BEFORE + BETTER.replace("sum", "min") + AFTER, "applied") == Placed("applied", Span(3, 6))


def test_of_an_edited_property_and_its_setter_the_measured_one_is_stale() -> None:
    getter = "    @property\n    def total(self):\n        return 0\n"
    setter = "    @total.setter\n    def total(self, value):\n        self.kept = value\n"
    proposal = PROPOSAL.model_copy(update={"base": getter})
    text = BEFORE + getter.replace("0", "1") + setter + AFTER
    assert placed(proposal, text, outline(text), None) == Placed("stale", Span(3, 6))


def test_of_two_functions_of_one_name_the_measured_one_is_meant() -> None:
    twice = BEFORE + "    def total(self):\n        return 1\n\n" + BASE + AFTER
    assert stands(twice) == Placed("ready", Span(6, 8))
    assert merged(PROPOSAL, 0, twice, outline(twice)) == twice.replace(BASE, BETTER)


def test_only_the_newest_of_a_function_is_offered() -> None:
    older = PROPOSAL.model_copy(update={"id": "20250101-000000000-0000", "created": 1.0})
    found = placed_all([older, PROPOSAL], TEXT, outline(TEXT), {})
    assert [(p.id, place.standing) for p, place in found] == [(PROPOSAL.id, "ready"), (older.id, "superseded")]


def test_a_stale_one_is_over_when_a_newer_one_came() -> None:
    edited = TEXT.replace("return 0", "return 1")
    newer = PROPOSAL.model_copy(update={"id": "20260201-000000000-0000", "created": 3.0, "base": BASE + "\n"})
    found = placed_all([PROPOSAL, newer], edited, outline(edited), {})
    assert [place.standing for _, place in found] == ["stale", "superseded"]


def test_one_that_was_built_upon_comes_back_with_its_text() -> None:
    """Applied, optimized again, applied again, all undone: the first offer stands."""
    later = Proposal(
        id="20260201-000000000-0000",
        path=PROPOSAL.path,
        name=PROPOSAL.name,
        base=BETTER,
        options=(Option(source=OTHER, tests=COUNT),),
        created=3.0,
    )
    decisions: dict[str, Decision] = {PROPOSAL.id: "applied", later.id: "applied"}
    found = placed_all([PROPOSAL, later], TEXT, outline(TEXT), decisions)
    assert [p.id for p, place in found if place.standing in ("ready", "stale")] == [PROPOSAL.id]
    assert found[-1] == (PROPOSAL, Placed("ready", Span(3, 5)))


def test_merging_takes_the_line_ends_of_the_document() -> None:
    text = ("# 😋 \x0c\u2028\n" + TEXT).replace("\n", "\r\n")
    result = merged(PROPOSAL, 0, text, outline(text))
    assert result == ("# 😋 \x0c\u2028\n" + BEFORE + BETTER + AFTER).replace("\n", "\r\n")
    assert merged(PROPOSAL, 2, text, outline(text)) is None


# ---- from events -----------------------------------------------------------------------------------------------------

CANDIDATE = Candidate(
    artifact=Artifact(kind="function", parts=(Part(name="total", text=BETTER, role="code"),)), rationale="sums"
)


def story() -> list[Event]:
    found = TargetFound(path="/p/shop.py", name="Basket.total", first_line=4, last_line=5, digest="", text=BASE)
    alternative = Alternative(artifact="b", source=OTHER, diff="", tests=COUNT, differs=({"call": "total()"},))
    told: list[Event] = [
        RunStarted(),
        found,
        Baseline(goal="fix", passed=4, total=6),
        Survived(step=1, proposal=CANDIDATE.model_dump(mode="json")),
        Improved(step=1, artifact=CANDIDATE.artifact.id, passed=6, total=6, rationale="sums"),
        Finished(
            outcome="improved",
            goal="fix",
            tests=COUNT,
            source=BETTER,
            rationale="sums",
            alternatives=(alternative,),
            evaluations=9,
        ),
    ]
    return [event.model_copy(update={"run": "r", "seq": i, "time": 10.0 + i}) for i, event in enumerate(told)]


def test_a_finished_run_offers_its_winner_and_alternatives() -> None:
    proposal = from_events(story())
    assert proposal is not None
    assert (proposal.id, proposal.base, proposal.confirmed, proposal.failed_before) == ("r", BASE, True, 2)
    assert [option.source for option in proposal.options] == [BETTER, OTHER]
    assert proposal.options[1].differs == ({"call": "total()"},)


@pytest.mark.parametrize("end", [None, Failed(message="crashed"), Finished(outcome="stopped", goal="fix", tests=COUNT)])
def test_a_run_that_did_not_end_offers_its_best_as_unconfirmed(end: Event | None) -> None:
    proposal = from_events([*story()[:-1], *([end] if end else [])])
    assert proposal is not None
    assert not proposal.confirmed
    assert [(option.source, option.tests) for option in proposal.options] == [(BETTER, COUNT)]


@pytest.mark.parametrize("length", range(5))
def test_before_a_first_improvement_there_is_nothing(length: int) -> None:
    told: Sequence[Event] = story()[:length]
    assert from_events(told) is None


def test_a_run_that_found_nothing_better_offers_nothing() -> None:
    unchanged = Finished(outcome="unchanged", goal="fix", tests=COUNT)
    assert from_events([*story()[:-1], unchanged]) is None


@pytest.mark.parametrize("ok", [True, False])
def test_what_was_verified_before_a_crash_is_verified(ok: bool) -> None:
    verdict = Confirmed(artifact=CANDIDATE.artifact.id, ok=ok, passed=6, total=6)
    proposal = from_events([*story()[:-1], verdict])
    assert (proposal is not None) == ok
    assert proposal is None or proposal.confirmed


def test_before_a_best_that_did_not_hold_comes_the_one_before_it() -> None:
    second = CANDIDATE.model_copy(update={"artifact": CANDIDATE.artifact.with_text(OTHER)})
    told = [
        *story()[:-1],
        Survived(step=2, proposal=second.model_dump(mode="json")),
        Improved(step=2, artifact=second.artifact.id, passed=6, total=6),
        Confirmed(artifact=second.artifact.id, ok=False, passed=5, total=6),
    ]
    proposal = from_events(told)
    assert proposal is not None
    assert [option.source for option in proposal.options] == [BETTER]
    assert not proposal.confirmed


# ---- from journals of real runs --------------------------------------------------------------------------------------

JOURNALS = Path(__file__).parent / "journals"


def journaled(name: str) -> list[Event]:
    return list(journal.read(JOURNALS / f"{name}.jsonl"))


def test_a_real_repair() -> None:
    proposal = from_events(journaled("repair"))
    assert proposal is not None
    assert (proposal.name, proposal.path, proposal.goal) == ("Basket.total", Path("/project/basket.py"), "fix")
    assert (proposal.confirmed, proposal.failed_before) == (True, 1)
    assert proposal.base.replace("> free_from", ">= free_from") == proposal.options[0].source
    assert proposal.options[0].tests == TestCount(passed=3, total=3)
    text = f"class Basket:\n{proposal.base}"
    assert merged(proposal, 0, text, outline(text)) == f"class Basket:\n{proposal.options[0].source}"


def test_a_real_run_that_was_killed_and_resumed() -> None:
    told = journaled("resumed")
    again = next(i for i, event in enumerate(told) if isinstance(event, RunStarted) and event.resumed)
    killed, resumed = from_events(told[:again]), from_events(told)
    assert killed is not None
    assert resumed is not None
    assert killed.options[0].source == resumed.options[0].source
    assert killed.options[0].speedup is not None
    assert (killed.confirmed, resumed.confirmed) == (False, True)


def test_a_real_run_that_was_stopped_at_once() -> None:
    proposal = from_events(journaled("stopped"))
    assert proposal is not None
    assert not proposal.confirmed
    assert proposal.goal == "faster"


@pytest.mark.parametrize("name", ["repair", "resumed", "stopped"])
def test_a_journal_may_end_anywhere(name: str) -> None:
    told = journaled(name)
    for length in range(len(told) + 1):
        part = told[:length]
        proposal = from_events(part)
        best = [event.artifact for event in part if isinstance(event, Improved)]
        assert (proposal is not None) == bool(best)
        if proposal is not None:
            (text,) = {
                candidate.artifact.text
                for event in part
                if isinstance(event, Survived)
                for candidate in [Candidate.model_validate(event.proposal)]
                if candidate.artifact.id == best[-1]
            }
            assert proposal.options[0].source == text
            verified = any(isinstance(event, Confirmed) and event.artifact == best[-1] for event in part)
            assert proposal.confirmed == verified
