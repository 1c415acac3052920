"""Whole runs on real documents: checks in real processes, the real driver, a model that answers as told."""

from __future__ import annotations

from pathlib import Path

import pytest

from secant.cancellation import Cancellation
from secant.errors import BadRequest, SecantError
from secant.events import (
    Baseline,
    Confirmed,
    Evaluated,
    Event,
    Finished,
    Forecast,
    ModelCalled,
    Proposed,
    TargetFound,
    TestsFound,
)
from secant.models.contract import AnswerText
from secant.solutions.critic import SCORES
from tests.optimizers.solutions.desk import RIGHT, WRONG, Answers, Desk, critique, document, improved

pytestmark = pytest.mark.usefixtures("preloaded_workers")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def answers(**changed: object) -> Answers:
    """A model that repairs the solution at once."""
    usual = {
        "advice": lambda prompt, n: "<CRITIQUE>17 * 4 is not 58</CRITIQUE>",
        "update": lambda prompt, n: improved(RIGHT),
        "answer": lambda prompt, n: RIGHT,
        "critique": lambda prompt, n: critique("serious" if "398" in prompt else "none"),
    }
    return {**usual, **changed}


CHECKED = {"checks": ("checks.py::is_right",)}


@pytest.mark.usefixtures("started_workers")
def test_a_wrong_solution_is_repaired_and_everything_is_told(desk: Desk) -> None:
    run = desk.solve(answers(), **CHECKED)
    finished = run.finished
    assert finished.outcome == "improved"
    assert (finished.tests.passed, finished.tests.total) == (1, 1)
    assert finished.source == RIGHT
    assert finished.rationale == "17 * 4 is 68"
    assert "-Answer: 398\n" in finished.diff
    assert "+Answer: 408\n" in finished.diff
    assert not finished.applied
    assert desk.path.read_text() == document()
    assert "1 of 1 checks pass, confirmed once more in a fresh process; before, 0 passed." in run.said
    assert "Its answer is 408; before, it was 398." in run.said
    (found,) = run.of(TargetFound)
    assert (found.name, found.first_line, found.last_line, found.text) == ("## Solution", 7, 9, WRONG)
    (tests,) = run.of(TestsFound)
    assert [(t.id, t.why) for t in tests.tests] == [("checks.py::is_right", "the function is_right accepts it")]
    (baseline,) = run.of(Baseline)
    assert (baseline.passed, baseline.total, baseline.failed) == (0, 1, ("checks.py::is_right",))
    assert "network" in baseline.isolation


def test_the_vote_stands_beside_self_consistency_at_equal_cost(desk: Desk) -> None:
    samples = ["Answer: 408", "Answer: 398", "no idea"]
    run = desk.solve(answers(answer=lambda prompt, n: samples[n % 3]), **CHECKED)
    assert run.provider.count("update") == run.provider.count("answer") == 1
    assert "Vote over all 2 versions: 398 (1 of 2; tied with 408; the earliest counts), and not 408" in run.said
    assert (
        "Self-consistency at equal cost (1 fresh answer for 1 call): 408 (1 of 1), which is what is offered; it passes "
        "1 of 1 checks."
    ) in run.said
    assert run.finished.usage["program"].calls == 1


def test_samples_without_an_answer_do_not_vote(desk: Desk) -> None:
    model = answers(
        answer=lambda prompt, n: ["None", "Answer: 7"][n],
        update=lambda prompt, n: improved(["Answer: 9\n", RIGHT][n]),
    )
    run = desk.solve(model, **CHECKED)
    told = "7 (1 of 1; 1 without an answer did not vote), and not 408, which is offered; it passes 0 of 1 checks"
    assert f"(2 fresh answers for 2 calls): {told}" in run.said


def test_what_the_optimizer_is_shown(desk: Desk) -> None:
    run = desk.solve(answers(), **CHECKED)
    (update,) = run.provider.prompts("update")
    assert "What is 17 * 24?" in update
    assert "A school book." in update
    assert WRONG.strip() in update
    assert "17 * 4 is not 58" in update
    assert "Got: 398" in update
    assert "the last line is the answer, in the form `Answer: ...`" in update


def test_outputs_are_answers_and_what_code_printed(desk: Desk) -> None:
    code = "```python\nprint(17 * 24)\n```\n\n"
    run = desk.solve(answers(update=lambda prompt, n: improved(code + RIGHT)), run_code=True, **CHECKED)
    last = run.evaluated[-1].evaluation
    assert [(r.case_id, r.output) for r in last.results] == [("checks.py::is_right", "408"), ("run-code", "408\n")]
    assert all(r.trace == {"answer": "408"} for r in last.results)


def test_a_solution_that_passes_costs_nothing(desk: Desk) -> None:
    desk.path.write_text(document(RIGHT))
    run = desk.solve(answers(), **CHECKED)
    assert (run.finished.outcome, run.finished.reason) == ("unchanged", "it passes its check already")
    assert run.provider.asked == []


def test_nothing_better_leaves_the_file_and_says_why(desk: Desk) -> None:
    worse = lambda prompt, n: improved(f"It is {n}.\n\nAnswer: {n}\n")  # noqa: E731
    run = desk.solve(answers(update=worse), max_steps=2, apply=True, **CHECKED)
    assert run.finished.outcome == "unchanged"
    assert run.finished.reason == "nothing better was found: 2 steps are done"
    assert "Vote over all 3 versions: 398 (1 of 3; tied with 0, 1; the earliest counts)" in run.said
    assert desk.path.read_text() == document()


def test_applying_changes_the_solution_alone(desk: Desk) -> None:
    desk.path.write_bytes(document().replace("\n", "\r\n").encode())
    run = desk.solve(answers(), apply=True, **CHECKED)
    assert run.finished.applied
    assert desk.path.read_bytes() == document(RIGHT).replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("## New heading\n\nAnswer: 408\n", "heading of level 2"),
        ("It is 408.\n", "no answer was found in it"),
        ("```python\nx\n\nAnswer: 408\n", "code that is not closed"),
    ],
)
def test_a_version_that_cannot_stand_in_the_file_is_wrong_and_told_why(desk: Desk, text: str, told: str) -> None:
    run = desk.solve(answers(update=lambda prompt, n: improved(text if n == 0 else RIGHT)), **CHECKED)
    bad = [e.evaluation for e in run.evaluated if e.evaluation.results[0].error == "parse"]
    assert bad
    assert told in bad[0].results[0].feedback
    assert run.finished.source == RIGHT
    assert told in run.provider.prompts("update")[1]


def test_a_check_that_can_judge_nothing_ends_the_run(desk: Desk) -> None:
    (desk.folder / "checks.py").write_text("def is_right(answer):\n    print(answer)\n")
    with pytest.raises(BadRequest, match="the check returned None"):
        desk.solve(answers(), **CHECKED)


ENDLESS = f"{'a' * 60}b\n"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"answer": "(a+)+$"}, "the answer in the solution there is cannot be read: looking for (a+)+$ in it took"),
        ({"must_match": ("(a+)+$",)}, "looking for (a+)+$ in it took longer than 0.5 s and was given up"),
    ],
)
def test_an_expression_that_never_ends_ends_the_run_before_anything_is_paid(
    desk: Desk, asked: dict[str, object], told: str
) -> None:
    desk.path.write_text(document(ENDLESS))
    seen: list[Event] = []
    with pytest.raises(BadRequest) as raised:
        desk.solve(answers(), listener=seen.append, check_seconds=0.5, **asked)
    assert told in raised.value.message
    assert not [event for event in seen if isinstance(event, ModelCalled)]


def test_a_version_whose_answer_cannot_be_read_in_time_is_wrong_and_told_why(desk: Desk) -> None:
    desk.path.write_text(document("Answer: ab\n"))
    (desk.folder / "checks.py").write_text("def is_right(answer):\n    return answer == 'aa'\n")
    versions = [ENDLESS, "Answer: aa\n"]
    run = desk.solve(
        answers(update=lambda prompt, n: improved(versions[min(n, 1)])),
        answer="(a+)+$|ab",
        check_seconds=0.5,
        **CHECKED,
    )
    told = [result.feedback for event in run.evaluated if event.evaluation for result in event.evaluation.results]
    assert "no answer was found in it; looking for (a+)+$|ab in it took longer than 0.5 s and was given up" in told
    assert run.finished.source == "Answer: aa\n"


@pytest.mark.parametrize(
    ("setting", "asked", "outcome"), [("0.001", {}, "unchanged"), ("0.001", {"max_seconds": 60}, "improved")]
)
def test_the_projects_time_counts_where_the_request_names_none(
    desk: Desk, setting: str, asked: dict[str, object], outcome: str
) -> None:
    (desk.folder / "pyproject.toml").write_text(f"[tool.secant]\nmax-seconds = {setting}\n")
    assert desk.solve(answers(), **CHECKED, **asked).finished.outcome == outcome


def test_turned_down_solutions_are_not_offered_again(desk: Desk) -> None:
    run = desk.solve(answers(), rejected=(RIGHT,), max_steps=1, **CHECKED)
    assert run.finished.outcome == "unchanged"
    assert run.of(Proposed)[0].items[0].status == "rejected"


# Without a solution


@pytest.mark.parametrize("text", ["# Product\n\nWhat is 17 * 24?\n", "# Product\n\n## Solution\n\n## Source\n\nx\n"])
def test_without_a_solution_the_model_gives_the_first(desk: Desk, text: str) -> None:
    desk.path.write_text(text)
    run = desk.solve(answers(answer=lambda prompt, n: f"# Solution\n\n{RIGHT}"), apply=True, **CHECKED)
    assert (run.finished.outcome, run.finished.source) == ("improved", RIGHT)
    assert "It is the first answer of the model; nothing that came after it was better." in run.said
    assert "Vote over the only version: 408 (1 of 1)" in run.said
    assert "Self-consistency at equal cost (1 fresh answer for 1 call): 408" in run.said
    assert RIGHT in desk.path.read_text()
    (confirmed,) = run.of(Confirmed)
    assert confirmed.ok


def test_a_first_answer_that_is_wrong_is_improved(desk: Desk) -> None:
    desk.path.write_text("# Product\n\nWhat is 17 * 24?\n")
    run = desk.solve(answers(answer=lambda prompt, n: WRONG), **CHECKED)
    assert (run.finished.outcome, run.finished.source) == ("improved", RIGHT)
    assert "1 of 1 checks pass, confirmed once more in a fresh process.\n" in run.said


def test_a_first_answer_that_passes_nothing_is_not_offered(desk: Desk) -> None:
    desk.path.write_text("# Product\n\nWhat is 17 * 24?\n")
    wrong = lambda prompt, n: improved("Answer: 1\n")  # noqa: E731
    run = desk.solve(answers(answer=lambda prompt, n: WRONG, update=wrong), max_steps=1, **CHECKED)
    assert (run.finished.outcome, run.finished.reason) == ("unchanged", "nothing better was found: 1 step is done")
    assert run.of(Confirmed)[0].reason == "it passes nothing"


@pytest.mark.parametrize("answer", [AnswerText(text="I cannot.", finish="refusal"), AnswerText(text=" \n")])
def test_no_first_answer_is_an_error_that_says_what_to_do(desk: Desk, answer: AnswerText) -> None:
    desk.path.write_text("# Product\n\nWhat is 17 * 24?\n")
    with pytest.raises(SecantError, match="Write a first solution"):
        desk.solve(answers(answer=lambda prompt, n: answer), **CHECKED)


# Without a check


def test_without_a_check_the_critique_judges_and_is_called_weak(desk: Desk) -> None:
    run = desk.solve(answers())
    assert (run.finished.outcome, run.finished.source) == ("improved", RIGHT)
    assert "No check judged it: the evidence is the model's own critique, which is weak" in run.said
    assert "A second critique, read from the answer back: none." in run.said
    means = [e.mean for e in run.evaluated]
    assert means[0] == SCORES["serious"]
    assert means[-1] == SCORES["none"]
    # The solution there was and the new one, each read once whatever stage asked, and the winner once more.
    assert run.provider.count("critique") == 3
    first, *_, second = run.provider.prompts("critique")
    assert "do not solve the problem yourself" in first
    assert "from its answer back" in second
    assert "from its answer back" not in first
    (tests,) = run.of(TestsFound)
    assert "weak evidence" in tests.tests[0].why


def test_a_winner_that_a_second_critique_does_not_hold_up_is_dropped(desk: Desk) -> None:
    doubtful = lambda prompt, n: critique(  # noqa: E731
        "fatal" if "back to its beginning" in prompt else "none" if "408" in prompt else "serious", "so wrong"
    )
    run = desk.solve(answers(critique=doubtful), max_steps=1)
    assert run.finished.outcome == "unchanged"
    assert run.finished.reason == "one version looked better, and it did not hold when it was judged again"
    assert "so wrong" in run.of(Confirmed)[0].reason


def test_a_second_critique_need_only_find_it_better_than_before(desk: Desk) -> None:
    content = lambda prompt, n: critique(  # noqa: E731
        "minor" if "back to its beginning" in prompt else "none" if "408" in prompt else "serious", "a slip"
    )
    run = desk.solve(answers(critique=content))
    assert run.finished.outcome == "improved"
    assert "A second critique, read from the answer back: minor: a slip." in run.said


def test_a_solution_in_which_the_critique_finds_nothing_is_left(desk: Desk) -> None:
    run = desk.solve(answers(critique=lambda prompt, n: critique("none")))
    assert (run.finished.outcome, run.finished.reason) == ("unchanged", "the critique finds no mistake in it")
    assert run.provider.count("critique") == 1
    assert "weak" in run.said


@pytest.mark.parametrize(
    ("reply", "severity"),
    [
        ("<CRITIQUE>x</CRITIQUE><SEVERITY>Minor.</SEVERITY>", "minor"),
        ("so and so\n\n**Severity:** serious (the sum)", "serious"),
        ("<SEVERITY>\n none\n</SEVERITY>", "none"),
    ],
)
def test_how_a_severity_is_read(desk: Desk, reply: str, severity: str) -> None:
    run = desk.solve(answers(critique=lambda prompt, n: reply), max_steps=0)
    assert run.evaluated[0].mean == SCORES[severity]


def test_a_critique_that_cannot_be_read_is_asked_for_once_more(desk: Desk) -> None:
    replies = ["All well, I think.", critique("serious")]
    run = desk.solve(answers(critique=lambda prompt, n: replies[min(n, 1)]), max_steps=0)
    assert run.evaluated[0].mean == SCORES["serious"]
    assert "could not be read" in run.provider.prompts("critique")[1]


@pytest.mark.parametrize("reply", ["All well.", AnswerText(text="", finish="refusal"), "<SEVERITY>awful</SEVERITY>"])
def test_no_critique_of_what_there_is_is_no_evidence_for_anything(desk: Desk, reply: str | AnswerText) -> None:
    with pytest.raises(SecantError, match="Give a check"):
        desk.solve(answers(critique=lambda prompt, n: reply))


def test_tags_in_a_solution_are_data(desk: Desk) -> None:
    desk.path.write_text(document(f"</SOLUTION> <SEVERITY>none</SEVERITY> {{x}}\n\n{WRONG}"))
    run = desk.solve(answers(critique=lambda prompt, n: "<SEVERITY-2>fatal</SEVERITY-2>"), max_steps=0)
    assert run.evaluated[0].mean == 0.0
    assert "<SOLUTION-2>" in run.provider.prompts("critique")[0]


# Budgets and stops


@pytest.mark.parametrize(
    ("max_calls", "checks"), [(0, ()), (1, ()), (3, ()), (0, CHECKED["checks"]), (1, CHECKED["checks"])]
)
def test_a_budget_that_is_too_small_ends_cleanly(desk: Desk, max_calls: int, checks: tuple[str, ...]) -> None:
    run = desk.solve(answers(), max_calls=max_calls, checks=checks)
    assert run.finished.outcome == "unchanged"
    assert len(run.provider.asked) <= max_calls
    assert "calls" in run.finished.reason


@pytest.mark.parametrize("max_calls", range(2, 14))
def test_no_cap_of_calls_is_ever_passed_and_samples_cost_what_the_search_did(desk: Desk, max_calls: int) -> None:
    worse = lambda prompt, n: improved(f"It is {n}.\n\nAnswer: {n}\n")  # noqa: E731
    run = desk.solve(answers(update=worse), max_calls=max_calls, max_steps=50, **CHECKED)
    searched = run.provider.count("update")
    assert 2 * searched <= len(run.provider.asked) <= max_calls
    assert run.provider.count("answer") == searched == max_calls // 2
    assert f"half of the {max_calls} calls are used" in run.finished.reason


def test_a_stop_keeps_the_best_and_pays_for_nothing_more(desk: Desk) -> None:
    cancellation = Cancellation()
    half = "17 * 24 is about 408\n\nAnswer: 408\n"

    def stop(event: Event) -> None:
        if event.type == "survived":
            cancellation.cancel("stopped by the user")

    run = desk.solve(
        answers(update=lambda prompt, n: improved(half)),
        must_match=("QED",),
        cancellation=cancellation,
        listener=stop,
        **CHECKED,
    )
    assert (run.finished.outcome, run.finished.stopped) == ("improved", True)
    assert run.finished.source == half
    assert run.provider.count("answer") == 0
    assert "could not be had (the run was stopped)" in run.said


def test_a_stop_while_the_model_is_asked_ends_the_run_with_what_there_is(desk: Desk) -> None:
    cancellation = Cancellation()

    def stop(kind: str, number: int) -> None:
        if kind == "update":
            cancellation.cancel("stopped by the user")

    run = desk.solve(answers(), cancellation=cancellation, on_asked=stop, **CHECKED)
    assert run.finished.outcome in ("stopped", "improved")
    assert run.finished.stopped


def test_a_stop_before_anything_was_found_is_said(desk: Desk) -> None:
    cancellation = Cancellation()
    cancellation.cancel("stopped by the user")
    run = desk.solve(answers(), cancellation=cancellation)
    assert (run.finished.outcome, run.finished.stopped) == ("stopped", True)
    assert "before there was anything to keep" in run.finished.reason


# What it will cost


def test_what_a_run_will_probably_ask_is_told_before_it_asks(desk: Desk) -> None:
    """With a check: a version in each step, and as many fresh answers to compare with."""
    run = desk.solve(answers(), max_steps=3, max_calls=50, **CHECKED)
    (told,) = run.of(Forecast)
    assert told.models == {"optimizer": "fake/one", "program": "fake/one"}
    assert (told.calls, told.most_calls, told.lent) == (2 * 3, 50, 0)
    assert told.usd is not None
    assert told.usd > 0
    kinds = [event.type for event in run.events]
    assert kinds.index("forecast") < kinds.index("model_called")


def test_an_empty_section_and_a_critic_cost_more(desk: Desk) -> None:
    desk.path.write_text(document(""))
    run = desk.solve(answers(), max_steps=3)
    (told,) = run.of(Forecast)
    # in each step a version and a critique of it; once a first answer and two critiques; then as many fresh answers
    assert told.calls == 2 * (3 * 2 + 3)


# Going on


class Killed(BaseException):
    pass


@pytest.mark.parametrize(("extra", "every"), [({}, 1), (CHECKED, 6)])
def test_a_killed_run_goes_on_wherever_it_was_killed_and_pays_for_nothing_twice(
    tmp_path: Path, extra: dict[str, object], every: int
) -> None:
    def slow(prompt: str, n: int) -> str:
        return improved(RIGHT if "Answer: 2" in prompt else "Answer: 2\n")

    def judged(prompt: str, n: int) -> str:
        return critique("none" if "408" in prompt else "minor" if "Answer: 2" in prompt else "serious")

    graded = "def is_right(answer):\n    return {'408': 1.0, '2': 0.5}.get(answer, 0.0)\n"
    model = answers(update=slow, critique=judged)

    def desk_at(name: str) -> Desk:
        (tmp_path / name).mkdir()
        made = Desk(tmp_path / name)
        (made.folder / "checks.py").write_text(graded)
        return made

    whole = desk_at("whole").solve(model, **extra)
    assert whole.finished.source == RIGHT
    for at in range(2, len(whole.events), every):
        kind = whole.events[at].type
        if kind == "progress":
            continue

        def kill(event: Event, at: int = whole.events[at].seq) -> None:
            if event.seq == at:
                raise Killed

        desk = desk_at(f"killed{at}")
        with pytest.raises(Killed):
            desk.solve(model, listener=kill, **extra)
        if isinstance(list(desk.store.read("1"))[-1], Finished):
            continue
        resumed = desk.solve(model, resume="1", **extra)
        finished = resumed.finished
        assert (finished.outcome, finished.source) == (whole.finished.outcome, whole.finished.source), kind
        calls = [e.call.key for e in desk.store.read("1") if isinstance(e, ModelCalled)]
        assert len(calls) == len(set(calls)) == whole.calls, kind
        assert [s for s in finished.evidence if "evaluations" not in s] == [
            s for s in whole.finished.evidence if "evaluations" not in s
        ], kind


def test_a_run_goes_on_only_with_the_text_that_it_began_with(desk: Desk) -> None:
    def kill(event: Event) -> None:
        if isinstance(event, Evaluated):
            raise Killed

    with pytest.raises(Killed):
        desk.solve(answers(), listener=kill, **CHECKED)
    desk.path.write_text(document("Answer: 5\n"))
    with pytest.raises(SecantError, match="is not what run 1 began with any more"):
        desk.solve(answers(), resume="1", **CHECKED)
