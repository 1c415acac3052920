"""Where a run's time went and what depended on what, read off its events; and the scripted task itself."""

from __future__ import annotations

import pytest

from benchmarks import model_runs, roman
from benchmarks.machine_run import MachineRun, Shares, rounds_of_requests, shares
from secant.events import (
    Baseline,
    Confirmed,
    Event,
    Finished,
    ModelCalled,
    Proposed,
    RunStarted,
    TestCount,
    Updated,
)
from secant.models.contract import ModelCall


def called(purpose: str, key: str = "k") -> ModelCalled:
    return ModelCalled(call=ModelCall(key=key, level="optimizer", purpose=purpose))


EVENTS: list[Event] = [
    RunStarted(time=11.0),
    Baseline(time=13.0, goal="fix", passed=1, total=2),
    Updated(time=13.5, step=0, state={}),
    called("critique"),
    called("update", "a"),
    called("update", "b"),
    Proposed(time=20.0, step=1, items=()),
    Updated(time=21.0, step=1, state={}),
    called("update"),
    called("reask"),
    Proposed(time=25.0, step=2, items=()),
    Updated(time=27.0, step=2, state={}),
    Confirmed(time=30.0, artifact="x", ok=True, passed=2, total=2),
    Finished(time=30.5, outcome="improved", goal="fix", tests=TestCount(passed=2, total=2)),
]
RUN = MachineRun(began=10.0, ended=31.0, cpu_seconds=1.0, engine_cpu_seconds=0.5, events=EVENTS, complaint="")


def test_phases_are_all_of_a_run() -> None:
    found = shares(RUN)
    assert found == Shares(start=1, preparation=2, proposing=11, evaluating=3, confirming=3, ending=1)
    assert sum(found) == pytest.approx(RUN.seconds)
    assert found.evaluation == 8


def test_requests_of_one_purpose_in_one_step_do_not_wait_for_each_other() -> None:
    assert rounds_of_requests(EVENTS) == 4


def test_the_path_is_the_models_time_and_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_runs, "SECONDS", 2.0)
    row = model_runs.row("textgrad", RUN)
    assert (row.model, row.evaluation, row.proposing, row.steps) == (8, 8, 3, 2)
    assert row.times == pytest.approx(21 / 16)
    assert row.times_once_started == pytest.approx(20 / 16)


def test_a_run_without_a_result_says_why() -> None:
    with pytest.raises(RuntimeError, match="no such thing"):
        _ = RUN._replace(events=[], complaint="no such thing").finished


def test_each_version_of_the_task_passes_more_than_the_one_before() -> None:
    def passing(text: str) -> int:
        space: dict[str, object] = {}
        exec(text, space)
        exec(roman.TESTS.partition("@pytest")[0].replace("import pytest\nfrom roman import to_roman\n", ""), space)
        return sum(space["to_roman"](number) == wanted for number, wanted in space["CASES"])  # type: ignore[operator]

    passed = [passing(text) for text in (roman.WRONG, *roman.ladder())]
    assert passed == sorted(set(passed))
    assert passed[-1] == passing(roman.RIGHT) == 13
    draws = roman.draws(40)
    assert len(set(draws)) == 41
    assert [passing(text) == 13 for text in draws] == [False] * 40 + [True]
