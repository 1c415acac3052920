"""OPRO: which scored prompts its requests show, what is measured on what, what is offered."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from scripted import Asked, Counting, ScriptedRun, drive, in_turn, reply
from tickets import SEED, TASK, Tickets, naming, prompt

from secant.budget import Limits
from secant.errors import BadRequest
from secant.events import Evaluated, Proposed, Updated
from secant.history import History
from secant.optimizers.opro import OPROOptimizer, OPROSpec
from secant.optimizers.spec import default, dump, parse

SPEC = default("opro", OPROSpec)
ANY = ("billing", "bug", "account", "shipping")


def spec(**knobs) -> OPROOptimizer:
    return OPROOptimizer(SPEC.model_copy(update={"knobs": SPEC.knobs.model_copy(update=knobs)}))


def opro(script, *, evaluator=None, optimizer=None, **fields) -> ScriptedRun:
    return drive(optimizer or OPROOptimizer(), script, evaluator=evaluator or Tickets(), task=TASK, **fields)


def differing(asked: Asked, number: int) -> str:
    """A different prompt each time, naming none to three of the queues."""
    return reply(f"{naming(*ANY[number % 5 : 3])} {number}")


def scores(request: str) -> list[int]:
    return [int(score) for score in re.findall(r"Score (\d+) on \d+ cases?[:;]", request)]


def shown(request: str) -> list[str]:
    return re.findall(r"<PROMPT>\n(.*?)\n</PROMPT>", request, re.DOTALL)


def test_one_request_of_eight_answers_is_paid_as_eight() -> None:
    run = opro(differing, steps=3)
    assert [a.n for a in run.model.asked] == [8, 8, 8]
    assert run.outcome.spent.usage["optimizer"].calls == 24
    assert OPROOptimizer().step_calls(TASK) == (8, 0)


def test_the_best_twenty_stand_in_ascending_order() -> None:
    run = opro(differing, steps=5)
    for request in run.updates:
        assert scores(request.prompt) == sorted(scores(request.prompt))
    assert [len(scores(a.prompt)) for a in run.updates] == [1, 9, 17, 20, 20]
    assert SEED in shown(run.updates[2].prompt)
    every = [e.mean for e in run.events if isinstance(e, Evaluated) and e.evaluation.split == "fit" and e.step < 5]
    assert scores(run.updates[-1].prompt) == sorted(round(100 * mean) for mean in every)[-20:]


def test_poor_prompts_are_left_out_below_a_threshold() -> None:
    run = opro(differing, optimizer=spec(threshold=50), steps=3)
    assert scores(run.updates[0].prompt) == [20]  # the only one there is
    assert min(scores(run.updates[-1].prompt)) >= 50


def test_the_worst_make_room_where_tokens_are_few() -> None:
    run = opro(differing, optimizer=spec(window_tokens=50), steps=2)
    all_of_them = opro(differing, steps=2)
    few = scores(run.updates[1].prompt)
    assert 1 < len(few) < 9
    assert few == scores(all_of_them.updates[1].prompt)[-len(few) :]


def test_every_prompt_sees_all_fit_cases_and_the_two_best_the_select_cases() -> None:
    run = opro(differing, steps=2)
    measured = [e.evaluation for e in run.events if isinstance(e, Evaluated)]
    fit = Counter(e.artifact_id for e in measured if e.split == "fit")
    assert set(fit.values()) == {1}
    assert len(fit) == 17  # the seed once, and two steps of eight
    assert {e.n for e in measured if e.split == "fit"} == {10}
    assert sum(1 for e in measured if e.split == "select" and e.n == 20) == 1 + 4


def test_the_original_is_scored_on_the_fit_cases_once() -> None:
    run = opro(differing, evaluator=Tickets(fit=9), steps=2)  # one in nine is for `other`, and one in five select cases
    for request in run.updates:
        assert re.search(rf"Score 11 on 9 cases; [a-z ]+[1-6, ]+:\n<PROMPT>\n{re.escape(SEED)}\n<", request.prompt)
    assert [state["focus"] for state in run.states] == [[prompt().id], [], []]


def test_without_fit_cases_the_select_cases_serve_for_both() -> None:
    run = opro(differing, evaluator=Tickets(fit=0), steps=2)
    pairs = Counter(run.evaluator.asked)
    assert set(pairs.values()) == {1}
    assert len(pairs) == 16 * 20
    assert all(asked.startswith("select") for _, asked in pairs)


def test_what_is_offered_is_best_on_the_select_cases() -> None:
    class Overfitting(Tickets):
        """`trick` answers the fit cases right, and no others."""

        def _evaluation(self, artifact, stage, case_ids):
            evaluation = super()._evaluation(artifact, stage, case_ids)
            if "trick" not in artifact.text:
                return evaluation
            results = [r.model_copy(update={"score": float(r.case_id.startswith("fit"))}) for r in evaluation.results]
            return evaluation.model_copy(update={"results": tuple(results)})

    run = opro(
        in_turn(reply(f"{SEED} trick"), reply(naming("bug"))),
        evaluator=Overfitting(),
        optimizer=spec(width=2),
        steps=1,
    )
    assert run.reasons == ["2 more scored prompts, the best so far scores 100 on 10 cases"]
    assert run.winner == naming("bug")


def test_all_that_is_measured_is_accepted() -> None:
    run = opro(differing, steps=2)
    for step in (1, 2):
        (accepted,) = [e.accepted for e in run.events if isinstance(e, Updated) and e.step == step]
        measured = {e.artifact for e in run.events if isinstance(e, Evaluated) and e.step == step}
        assert set(accepted) == measured - {prompt().id}


def test_filters_turn_down_and_the_next_request_says_why() -> None:
    long = f"{SEED} {'very ' * 120}"
    run = opro(in_turn(reply(long), reply(f"{SEED} 7 queues")), optimizer=spec(width=2, digits=False), steps=2)
    items = [i for e in run.events if isinstance(e, Proposed) for i in e.items]
    assert [i.status for i in items[:2]] == ["constraint", "constraint"]
    assert "it has more than 500 characters" in run.updates[1].prompt
    assert "it holds digits" in run.updates[1].prompt
    assert opro(in_turn(reply(f"{SEED} 7 queues")), optimizer=spec(width=1), steps=1).statuses == ["ok"]


def test_a_long_original_may_have_long_successors() -> None:
    evaluator = Tickets(prompt(f"{SEED} {'very ' * 120}"))
    run = opro(in_turn(reply(f"{SEED} {'much ' * 120}")), evaluator=evaluator, optimizer=spec(width=1), steps=1)
    assert run.statuses == ["ok"]


def test_what_was_measured_before_is_not_measured_again() -> None:
    answers = in_turn(reply(naming("bug")), reply(SEED), reply(naming("bug")))
    run = opro(answers, optimizer=spec(width=1), steps=3)
    assert run.statuses == ["ok", "noop", "noop"]
    assert max(Counter(run.evaluator.asked).values()) == 1


def test_cases_that_go_wrong_most_often_can_be_shown() -> None:
    wrong = SPEC.knobs.exemplars.model_copy(update={"choice": "wrong"})
    run = opro(in_turn(reply(naming("billing", "bug", "account"))), optimizer=spec(width=1, exemplars=wrong), steps=2)
    told = re.findall(r"Expected: (\w+)", run.updates[1].prompt)
    assert told[:2] == ["shipping", "shipping"]
    constant = SPEC.knobs.exemplars.model_copy(update={"choice": "constant", "count": 3})
    run = opro(differing, optimizer=spec(exemplars=constant), steps=2)
    assert [re.findall(r"Input: (.*)", a.prompt) for a in run.updates] == [
        [f"fit ticket {n}: a matter of {queue}" for n, queue in enumerate(("billing", "bug", "account"))]
    ] * 2


def test_cases_that_the_best_prompt_gets_wrong_come_first_with_its_answers() -> None:
    run = opro(in_turn(reply(naming("billing", "bug", "account"))), optimizer=spec(width=1), steps=2)
    first, second = (
        re.findall(r"Case (\d)\nInput: .*\nExpected: (\w+)\nGot \((\w+)\): (\w+)", a.prompt) for a in run.updates
    )
    assert [number for number, *_ in first] == list("123456")
    assert {queue for _, queue, _, _ in first[:4]} == set(ANY)
    assert [grade for _, _, grade, _ in first] == ["wrong"] * 5 + ["right"]
    assert [each[1:] for each in second[:2]] == [("shipping", "wrong", "other")] * 2
    assert [grade for _, _, grade, _ in second[2:]] == ["right"] * 4


def test_of_prompts_that_tie_it_is_told_which_cases_they_miss_and_the_shorter_stands_later() -> None:
    answers = (naming("bug"), f"{naming('account')} Be brief, and say nothing else.", naming("shipping"))
    run = opro(in_turn(*map(reply, answers)), optimizer=spec(width=3), steps=2)
    request = run.updates[1].prompt
    expected = dict(re.findall(r"Case (\d)\nInput: .*\nExpected: (\w+)", request))
    assert shown(request) == [SEED, answers[1], answers[2], answers[0]]  # of the two as long the older stands last
    for text, queue in zip(shown(request)[1:], ("account", "shipping", "bug"), strict=True):
        (missed,) = re.findall(rf"wrong on ([\d, ]+):\n<PROMPT>\n{re.escape(text)}\n", request)
        assert missed.split(", ") == [number for number, wanted in expected.items() if wanted not in (queue, "other")]


def test_the_original_s_answers_are_remembered_while_it_is_the_best() -> None:
    run = opro(in_turn(reply(f"{SEED} Be brief.")), optimizer=spec(width=1), steps=3)
    assert all(a.prompt.count("Got (wrong): other") == 5 for a in run.updates)
    assert sum(1 for artifact, case in run.evaluator.asked if artifact == prompt().id and case.startswith("fit")) == 10


def test_where_everything_passes_nothing_is_asked() -> None:
    run = opro(differing, evaluator=Tickets(prompt(naming(*ANY))))
    assert run.model.asked == []
    assert run.evaluator.asked == []
    assert run.outcome.stop == "done"


def test_it_ends_when_all_select_cases_pass() -> None:
    run = opro(in_turn(reply(naming(*ANY))), optimizer=spec(width=1))
    assert (run.outcome.stop, run.outcome.steps) == ("done", 1)
    assert run.winner == naming(*ANY)


@pytest.mark.parametrize("calls", [0, 1])
def test_without_calls_it_ends_with_the_seed(calls: int) -> None:
    run = opro(in_turn(reply(SEED)), limits=Limits(calls=calls))
    assert run.outcome.stop == "budget"
    assert sum(a.n for a in run.model.asked) == calls
    assert run.winner is None


def test_it_needs_a_model_and_a_prompt() -> None:
    with pytest.raises(BadRequest, match="needs a model"):
        opro(None)
    with pytest.raises(BadRequest, match="refines prompts, and this is a function"):
        drive(OPROOptimizer(), differing, evaluator=Counting())


def by_request(asked: Asked, number: int) -> str:
    return reply(f"{naming(*ANY[(len(asked.prompt) + number) % 4 : 3])} {len(asked.prompt) % 7 + number % 8}")


def test_two_sessions_are_one() -> None:
    whole = opro(by_request, steps=4)
    first = opro(by_request, steps=2)
    told = [e for e in first.events if e.type != "finished"]
    second = opro(by_request, steps=4, history=History(told))
    assert [a.prompt for a in (*first.model.asked, *second.model.asked)] == [a.prompt for a in whole.model.asked]
    assert first.states + second.states == whole.states
    assert second.winner == whole.winner


def test_the_spec_round_trips_and_holds_every_number() -> None:
    assert parse(dump(SPEC), OPROSpec) == SPEC
    assert all(field.is_required() for field in type(SPEC.knobs).model_fields.values())
