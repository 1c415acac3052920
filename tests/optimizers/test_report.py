"""The page of a run says what its events say, and stays a page for a run without an end."""

from __future__ import annotations

from cards.climbers import RuleClimber
from cards.toy import run

from secant.events import (
    Alternative,
    Baseline,
    Event,
    Failed,
    Finished,
    FoundTest,
    Notice,
    RunStarted,
    TargetFound,
    TestCount,
    TestsFound,
)
from secant.report import report
from secant.types import SpeedUp, Usage

NOISE = SpeedUp(ratio=1.01, low=0.98, high=1.04, verdict="indistinguishable")
FASTER = SpeedUp(ratio=5.2, low=5.0, high=5.4, verdict="faster")
START = RunStarted(
    run="r1", target="shop.py::total", optimizer="rewrite", seed=3, request={"goal": "auto", "python": None}
)


def finished(**fields: object) -> Finished:
    return Finished(
        **{"run": "r1", "outcome": "improved", "goal": "fix", "tests": TestCount(passed=6, total=6), **fields}
    )


def searched() -> list[Event]:
    """A real run's events between a beginning and an end."""
    return run(RuleClimber(), steps=40).events


def test_a_whole_page() -> None:
    tests = TestsFound(
        tests=(FoundTest(id="t::a", why="imports total"),), left_out=(FoundTest(id="t::b", why="fails at random"),)
    )
    page = report(
        [START, tests, *searched(), finished(rationale="swap a letter", diff="-a\n+b", evaluations=9, seconds=1)]
    )
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert headings == [
        "# shop.py::total", "## Result: improved", "## Request", "## Tests", "## Search",
        "## Candidates that passed every stage", "## Cost",
    ]  # fmt: skip
    assert "- `t::a`: imports total" in page
    assert "- `t::b`: fails at random" in page
    assert "Before: 1 of 6 passed" in page
    assert "| goal | auto |" in page
    assert "python" not in page
    assert "```diff\n-a\n+b\n```" in page
    assert "`secant resume r1 --apply`" in page
    assert "No model was called." in page


def test_what_was_asked_for_is_told_in_words() -> None:
    one = {"model": "openai/a", "base_url": "http://localhost:1/v1", "parameters": {"temperature": 0.5}}
    models = {"levels": {"program": one, "optimizer": {"model": "b"}}, "concurrency": 8}
    page = report([START.model_copy(update={"request": {"models": models, "data": ["a.jsonl", "b.jsonl"]}})])
    assert "| models | program: openai/a at http://localhost:1/v1, temperature 0.5; optimizer: b |" in page
    assert "| data | a.jsonl, b.jsonl |" in page
    alike = {"levels": {"program": one, "optimizer": one}}
    page = report([START.model_copy(update={"request": {"models": alike}})])
    assert "| models | openai/a at http://localhost:1/v1, temperature 0.5 |" in page


def test_the_search_is_counted_and_drawn() -> None:
    events = searched()
    page = report([START, *events])
    evaluations = sum(e.type == "evaluated" for e in events) - 1
    survivors = sum(e.type == "survived" for e in events)
    assert f"{evaluations} evaluations, {survivors} passed every stage" in page
    line = next(x for x in page.splitlines() if x.startswith("Best so far")).split("`")[1]
    assert list(line) == sorted(line)
    assert (len(line), line[-1]) == (min(60, evaluations), "█")
    assert "confirmed |" in page


def test_an_interrupted_run_says_how_to_go_on() -> None:
    page = report([START, *searched()])
    assert "## Not finished" in page
    assert "`secant resume r1`" in page
    assert "Best so far: 6 of 6 passed" in page


def test_a_resumed_run_is_judged_by_its_last_end() -> None:
    page = report([START, finished(outcome="stopped"), RunStarted(run="r1", resumed=True), finished()])
    assert "## Result: improved" in page
    assert "stopped" not in page


def test_a_failed_run_says_what_to_do() -> None:
    page = report([START, Failed(message="no tests reach it", where="shop.py:3", hint="Name them with --tests.")])
    assert "**no tests reach it**" in page
    assert "shop.py:3" in page
    assert "--tests" in page


def test_speed_is_given_with_its_interval_or_as_noise() -> None:
    assert "5.20x as fast (95 %: 5.00 to 5.40)" in report([START, finished(speedup=FASTER)])
    assert "indistinguishable from noise" in report([START, finished(speedup=NOISE)])


def test_applied_is_not_offered_again() -> None:
    page = report([START, finished(applied=True)])
    assert "It was applied." in page
    assert "--apply" not in page
    assert "secant optimize x --apply" in report([START, finished()], apply_with="secant optimize x --apply")
    assert "pply" not in report([START, finished(outcome="unchanged")])


def test_what_could_not_be_applied_says_why() -> None:
    page = report([START, finished(refused="the file changed since it was measured")], apply_with="secant apply x")
    assert "It was not applied: the file changed since it was measured." in page
    assert "Where the file is as it was again: `secant apply x`." in page


def test_what_no_reply_told_is_marked_as_an_upper_bound() -> None:
    lost = Usage(calls=2, prompt_tokens=9, completion_tokens=8192, usd=0.14, unbilled=1, unbilled_usd=0.1383)
    page = report([START, finished(usage={"program": lost})])
    assert "| program | 2 | at most 9 | at most 8192 | at most 0.1400 |" in page
    assert "Of 1 call no reply said what it took" in page


def test_alternatives_show_where_they_differ() -> None:
    differs = ({"call": "f(1|2)", "winner": "3", "alternative": "4"},)
    other = Alternative(
        artifact="b", source="", diff="```", rationale="", tests=TestCount(passed=6, total=6), differs=differs
    )
    page = report([START, finished(alternatives=(other,))])
    assert "### b" in page
    assert "| `f(1\\|2)` | `3` | `4` |" in page
    assert "````diff" in page  # a fence longer than the one inside


def test_an_unknown_price_is_unknown() -> None:
    usage = {"optimizer": Usage(calls=2, usd=None), "program": Usage(calls=1, usd=0.25)}
    page = report([START, finished(usage=usage)])
    assert "| optimizer | 2 | 0 | 0 | unknown |" in page
    assert "| program | 1 | 0 | 0 | 0.2500 |" in page


def test_notices_and_conditions_are_told() -> None:
    page = report(
        [
            START,
            TargetFound(path="shop.py", name="total", first_line=1, last_line=2, digest="d"),
            Baseline(goal="fix", passed=0, total=1, path="swap", isolation="namespaces"),
            Notice(message="The disk is full.", hint="Make room."),
        ]
    )
    assert "- The disk is full. Make room." in page
    assert "Candidates ran: swap; namespaces." in page


def test_no_events_make_a_page_all_the_same() -> None:
    assert report([]).startswith("# A run without a beginning")


def test_a_critique_is_neither_test_nor_check() -> None:
    start = START.model_copy(update={"kind": "solution", "request": {"checks": []}})
    critique = TestsFound(tests=(FoundTest(id="critique", why="no check was given"),))
    one = TestCount(passed=1, total=1)
    other = Alternative(artifact="a", source="x", diff="", tests=TestCount(passed=0, total=1))
    page = report([start, critique, finished(goal="solve it", tests=one, alternatives=(other,))])
    assert "Goal solve it: the critique finds no mistake." in page
    assert "the critique finds mistakes." in page
    assert "## Critique" in page
    assert "tests" not in page
