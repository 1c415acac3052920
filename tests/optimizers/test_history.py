"""What a journal says, read back in one pass."""

from __future__ import annotations

from secant.events import (
    Baseline,
    Confirmed,
    Evaluated,
    Finished,
    Improved,
    ModelCalled,
    Progress,
    Proposed,
    ProposedItem,
    RunStarted,
    Survived,
    TestCount,
    Updated,
)
from secant.history import BASELINE, History, Key, digest
from secant.models.contract import AnswerText, ModelCall
from secant.types import Artifact, CaseResult, Evaluation, Part, Proposal, Usage


def proposal(text: str, **fields: object) -> Proposal:
    return Proposal(artifact=Artifact(parts=(Part(name="f", text=text),)), **fields)


def dumped(given: Proposal) -> dict:
    return given.model_dump(mode="json", exclude_defaults=True)


def evaluated(
    given: Proposal, *, stage: str = "tests", cases: str = "c", full: bool = True, step: int = 1
) -> Evaluated:
    identity = given.artifact.id
    results = (CaseResult(case_id=f"{stage}{cases}", score=1),)
    return Evaluated(
        step=step,
        artifact=identity,
        stage=stage,
        cases=cases,
        passed=1,
        total=1,
        evaluation=Evaluation(artifact_id=identity, stage=stage, results=results) if full else None,
        proposal=dumped(given) if full else None,
    )


def items(*proposals: Proposal, status: str = "ok") -> tuple[ProposedItem, ...]:
    return tuple(ProposedItem(id=p.artifact.id, status=status) for p in proposals)


A, B, C = proposal("a"), proposal("b"), proposal("c")


def test_an_empty_journal_is_a_run_that_has_not_begun() -> None:
    history = History()
    assert (history.step, history.state, history.baseline, history.pending) == (0, None, None, None)
    assert history.request == {}
    assert history.spent.evaluations == 0


def test_the_request_is_that_of_the_first_beginning() -> None:
    history = History([RunStarted(request={"target": "f.py::f"}), RunStarted(request={}, resumed=True)])
    assert history.request == {"target": "f.py::f"}


def test_a_finished_step_is_kept_as_entries_in_the_order_proposed() -> None:
    history = History(
        [
            Updated(step=0, state={"at": 0}),
            Proposed(step=1, items=items(A, B)),
            evaluated(B),
            evaluated(A),
            Survived(step=1, proposal=dumped(A)),
            Updated(step=1, state={"at": 1}, accepted=("x",), incumbent="x", drawn=3),
        ]
    )
    (start, step) = history.steps
    assert (start.step, start.entries) == (0, ())
    assert [(e.proposal, e.survived) for e in step.entries] == [(A, True), (B, False)]
    assert (history.state, history.step, history.incumbent, history.drawn) == ({"at": 1}, 1, "x", 3)
    assert history.seen == {A.artifact.id, B.artifact.id}
    assert history.pending is None
    assert history.survivors == {A.artifact.id: A}


def test_tallies_are_forgotten_with_their_step_and_whole_evaluations_are_not() -> None:
    events = [Proposed(step=1, items=items(A, B)), evaluated(A, full=False), evaluated(B)]
    open_step = History(events)
    assert set(open_step.known) == {Key(p.artifact.id, "tests", "c") for p in (A, B)}
    assert open_step.known[Key(A.artifact.id, "tests", "c")].passed == 1
    closed = History([*events, Updated(step=1, state={})])
    assert set(closed.known) == {Key(B.artifact.id, "tests", "c")}
    assert [e.proposal for e in closed.steps[0].entries] == [B]


def test_an_open_step_is_pending_and_not_yet_seen() -> None:
    history = History([Updated(step=0, state={}), Proposed(step=1, items=items(A))])
    assert [i.id for i in history.pending or ()] == [A.artifact.id]
    assert history.seen == set()


def test_pulls_of_one_arm_are_joined_and_stages_are_not() -> None:
    history = History(
        [
            Proposed(step=1, items=items(A)),
            evaluated(A, cases="1"),
            evaluated(A, cases="2"),
            evaluated(A, stage="speed"),
            Updated(step=1, state={}),
        ]
    )
    ((entry,),) = [s.entries for s in history.steps]
    assert [(e.stage, e.n) for e in entry.evaluations] == [("tests", 2), ("speed", 1)]


def test_a_probe_is_known_and_no_entry() -> None:
    history = History([evaluated(C), Proposed(step=1, items=items(A)), evaluated(A), Updated(step=1, state={})])
    assert [e.proposal for e in history.steps[0].entries] == [A]
    assert Key(C.artifact.id, "tests", "c") in history.known


def test_the_baseline_is_no_evaluation_of_the_search() -> None:
    whole = evaluated(A, stage=BASELINE, step=0)
    history = History([whole, Baseline(goal="fix", passed=1, total=1)])
    assert history.baseline == whole.evaluation
    assert history.baseline_told
    assert history.spent.evaluations == 0
    assert history.known == {}


def test_spent_counts_sessions_without_the_time_between_them() -> None:
    usage = {"optimizer": Usage(calls=2)}
    history = History(
        [
            RunStarted(time=100),
            evaluated(A).model_copy(update={"time": 103}),
            RunStarted(time=900, resumed=True),
            Proposed(step=1, items=(), usage=usage, time=904),
        ]
    )
    assert history.spent.seconds == 7
    assert history.spent.evaluations == 1
    assert history.spent.usage == usage


def test_calls_are_remembered_and_counted_until_the_next_total_has_them_in_it() -> None:
    paid = Usage(calls=1, usd=0.5)
    called = ModelCalled(call=ModelCall(key="k", level="optimizer", texts=(AnswerText(text="hello"),), usage=paid))
    history = History([RunStarted(time=1), called])
    assert history.calls["k"].texts[0].text == "hello"
    assert history.spent.usage == {"optimizer": paid}
    history.take(Proposed(step=1, items=(), usage={"optimizer": paid}))
    assert history.spent.usage == {"optimizer": paid}


def test_the_end_of_an_earlier_session_is_no_end_once_it_was_resumed() -> None:
    end = Finished(outcome="stopped", goal="fix", tests=TestCount(passed=1, total=2))
    assert History([RunStarted(), end]).finished == end
    assert History([RunStarted(), end, RunStarted(resumed=True)]).finished is None


def test_what_a_stopped_session_had_under_way_counts_as_spent() -> None:
    end = Finished(
        outcome="stopped", goal="fix", tests=TestCount(passed=1, total=2), usage={"program": Usage(calls=9, usd=0.5)}
    )
    assert History([RunStarted(), end, RunStarted(resumed=True)]).spent.usage["program"].calls == 9


def test_confirmations_and_bests_are_remembered() -> None:
    confirmation = Evaluation(artifact_id="a", stage="confirm")
    history = History(
        [
            Improved(step=3, artifact="a", passed=1, total=1),
            Confirmed(artifact="a", ok=True, passed=1, total=1, evaluation=confirmation),
        ]
    )
    assert history.confirmations == {"a": confirmation}
    assert (history.improved, history.improved_step) == ({(3, "a")}, 3)


def test_steps_with_nothing_new_in_a_row_are_counted() -> None:
    events = [Updated(step=0, state={})]
    for step, proposed in enumerate([items(A), items(A, status="duplicate"), ()], 1):
        events += [Proposed(step=step, items=proposed), Updated(step=step, state={})]
    assert History(events).barren == 2


def test_numbers_go_on_where_they_ended() -> None:
    assert History([Progress(phase="x", seq=4), Updated(step=0, state={}, seq=9)]).seq == 9


def test_a_digest_names_a_batch() -> None:
    assert digest(["a", "b"]) == digest(("a", "b"))
    assert len({digest(["a", "b"]), digest(["b", "a"]), digest(["a"]), digest(["ab"]), digest([])}) == 5
