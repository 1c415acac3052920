"""A model that does not answer, before the search and on the held-out cases: no score, nothing lost, a way to go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from secant.errors import BadRequest
from secant.events import Confirmed, Event, ModelCalled, Progress
from secant.models.contract import ModelFailure, ModelUnavailable
from secant.promptfiles.scoring import compared
from secant.types import Artifact, CaseResult, Evaluation, Part
from tests.optimizers.promptfiles.counter import Counter, program, rows, version


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path)


class Silent:
    """The program, which answers from `first` to `last` only with a failure."""

    def __init__(self, first: int, last: int = 10**6) -> None:
        self._silent = range(first, last)

    def __call__(self, prompt: str, number: int) -> str:
        if number in self._silent:
            raise ModelFailure("bad_request", "HTTP 400: no")
        return program(prompt, number)


class _Killed(Exception):  # noqa: N818 - an outcome
    """Stands for SIGKILL."""


def _kill_at(kind: type[Event]):
    def listener(event: Event) -> None:
        if isinstance(event, kind):
            raise _Killed

    return listener


def test_a_model_that_never_answers_has_no_score(counter: Counter) -> None:
    for asked in (counter.refine, counter.score):
        with pytest.raises(ModelUnavailable, match="for want of an answer; the first: bad_request: HTTP 400"):
            asked(run=Silent(0), name=asked.__name__)
    assert not any(e.type == "proposed" for e in counter.store.read("refine"))


def test_a_metric_that_fails_on_every_case_has_no_score(counter: Counter) -> None:
    (counter.folder / "m.py").write_text("def wrong(output):\n    raise ValueError('no')\n")
    for asked in (counter.refine, counter.score):
        with pytest.raises(BadRequest, match=r"m.py::wrong failed on every case.* raised ValueError: no \(line 2"):
            asked(metric="python:m.py::wrong", name=asked.__name__)


def test_held_out_cases_without_answers_are_not_spent_and_the_run_goes_on(counter: Counter) -> None:
    plain = counter.refine(name="plain")
    before = len(plain.provider.programs) - 18  # both versions on nine held-out cases
    with pytest.raises(ModelUnavailable, match="9 of the 9 held-out cases got no answer") as silent:
        counter.refine(run=Silent(before), name="cut")
    assert "secant resume cut" in silent.value.hint
    resumed = counter.refine(resume="cut")
    assert resumed.finished.score == plain.finished.score
    assert resumed.finished.source == plain.finished.source
    assert len(resumed.provider.programs) == 18
    assert not resumed.provider.optimizers


def test_an_optimizer_without_a_key_ends_the_run_with_what_to_do(counter: Counter) -> None:
    def refused(prompt: str, number: int) -> str:
        raise ModelFailure("authentication", "HTTP 401: no")

    with pytest.raises(ModelUnavailable, match="the key for fake/one was refused") as raised:
        counter.refine(refused)
    assert "valid key" in raised.value.hint
    assert "secant resume 1" in raised.value.hint


def test_some_held_out_cases_without_answers_are_left_out_aloud(counter: Counter) -> None:
    plain = counter.refine(name="plain")
    before = len(plain.provider.programs) - 18
    told = counter.refine(run=Silent(before, before + 2), name="cut").finished.score
    assert told is not None
    assert (told.n, told.before, told.after, told.claimed) == (7, 0.0, 1.0, False)
    assert told.verdict.endswith("; 2 cases that got no answer are left out")


def test_a_run_killed_after_the_confirmation_tells_the_held_out_score(counter: Counter) -> None:
    plain = counter.refine(name="plain")
    with pytest.raises(_Killed):
        counter.refine(name="cut", listener=_kill_at(Confirmed))
    resumed = counter.refine(resume="cut")
    assert resumed.finished.score == plain.finished.score
    assert not resumed.of(ModelCalled)
    assert not resumed.provider.programs


def test_what_became_of_the_proposals_is_said_where_nothing_was_found(counter: Counter) -> None:
    lost = "Answer with a code alone. (never {n})"

    def losing(prompt: str, number: int) -> str:
        return version(lost.replace("{n}", "x" * number))(prompt, number)

    run = counter.refine(losing, max_steps=2)
    assert run.finished.outcome == "unchanged"
    assert "2 of 2 proposals were not run: 2 broke a rule." in run.said
    assert "{{ticket}}" in run.said  # as the file has it, no token of ours
    assert not any(isinstance(e, Progress) and e.phase == "confirm" for e in run.events)


def test_resuming_counts_how_many_versions_the_held_out_cases_judged(counter: Counter) -> None:
    def scored(score: float) -> tuple[Artifact, Evaluation]:
        artifact = Artifact(kind="prompt", parts=(Part(name="prompt", text=f"{score}"),))
        results = tuple(CaseResult(case_id=str(n), score=score) for n in range(6))
        same = tuple(CaseResult(case_id=f"same {n}", score=1.0) for n in range(4))
        return artifact, Evaluation(artifact_id=artifact.id, stage="confirm", results=results + same)

    once = compared("exact", "report", scored(0.0), scored(1.0))
    again = compared("exact", "report", scored(0.0), scored(1.0), looks=2)
    assert once.p_value == again.p_value == pytest.approx(1 / 32)
    assert (once.claimed, again.claimed) == (True, False)
    assert "have judged 2 versions by now" in again.verdict


def test_an_evaluation_says_how_often_each_case_was_run_and_counts_one_case_as_one(tmp_path: Path) -> None:
    one = Counter(tmp_path, rows(1))
    assert "Every case was run once." in one.score().said
    scored = one.score(repeats=3, name="2")
    assert "Every case was run 3 times, and the mean of them counts." in scored.said
    assert scored.finished.score.verdict == "0 % on 1 case; with fewer than 8 cases it says little"


def test_a_baseline_without_a_model_is_refused_aloud(tmp_path: Path) -> None:
    recorded = Counter(tmp_path, [{**row, "recorded": "BIL"} for row in rows(9)])
    with pytest.raises(BadRequest, match="a baseline asks a model, and none is named"):
        recorded.score(model=False, baselines=("cot",))
