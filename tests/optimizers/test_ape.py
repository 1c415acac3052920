"""APE: prompts from cases, successive halving within its pulls, variations of what is left."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest
from scripted import Asked, Counting, ScriptedRun, drive, in_turn, reply
from tickets import SEED, TASK, TOKEN, Tickets, naming, prompt

from secant.budget import Limits
from secant.errors import BadRequest
from secant.events import Evaluated, Proposed, Updated
from secant.history import History
from secant.optimizers.ape import APEOptimizer, APESpec
from secant.optimizers.spec import default, dump, parse
from secant.types import Artifact, Case, Part

SPEC = default("ape", APESpec)
ANY = ("billing", "bug", "account", "shipping")


def spec(**knobs) -> APEOptimizer:
    return APEOptimizer(SPEC.model_copy(update={"knobs": SPEC.knobs.model_copy(update=knobs)}))


def ape(script, *, evaluator=None, optimizer=None, **fields) -> ScriptedRun:
    return drive(optimizer or APEOptimizer(), script, evaluator=evaluator or Tickets(), task=TASK, **fields)


def differing(asked: Asked, number: int) -> str:
    return reply(f"{naming(*ANY[number % 4 : 3])} {number}")


def pulls(run: ScriptedRun) -> dict[int, Counter[tuple[str, str]]]:
    """(Prompt, case) pairs by step."""
    found: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for event in run.events:
        if isinstance(event, Evaluated) and event.step:
            found[event.step].update((event.artifact, r.case_id) for r in event.evaluation.results)
    return found


def test_the_pool_is_inferred_from_samples_of_the_fit_cases() -> None:
    run = ape(differing, steps=1)
    requests = [a.prompt for a in run.updates]
    assert len(requests) == 25
    assert sorted(Counter(requests).values()) == [5] * 5
    for request in requests:
        cases = re.findall(r"Input: fit ticket (\d+): a matter of (\w+)\nExpected: (\w+)", request)
        assert len({number for number, _, _ in cases}) == 5
        assert all(queue == wanted for _, queue, wanted in cases)
        assert SEED not in request


def test_every_sample_has_every_answer_and_the_names_are_listed() -> None:
    run = ape(differing, steps=1)
    for request in {a.prompt for a in run.updates}:
        assert set(re.findall(r"Expected: (\w+)", request)) == {*ANY, "other"}
        assert "<ANSWERS>\naccount\nbilling\nbug\nother\nshipping\n</ANSWERS>" in request
        assert "list these answers, spelt so, and allow no others" in request


@pytest.mark.parametrize("answers", [("1", "2"), tuple("abcdef"), ("a\nb", "c")])
def test_answers_that_are_no_choice_are_not_listed(answers: tuple[str, ...]) -> None:
    """Numbers, answers that hardly come again, texts of several lines."""

    class Others(Tickets):
        def cases(self):
            known = super().cases()
            fit = [c.model_copy(update={"expected": answers[n % len(answers)]}) for n, c in enumerate(known["fit"])]
            return {**known, "fit": fit}

    (request,) = ape(differing, evaluator=Others(), optimizer=spec(demonstration_sets=1, samples=1), steps=1).updates
    assert "<ANSWERS>" not in request.prompt
    assert "spelt so" not in request.prompt


def test_n_requested_is_n_paid() -> None:
    run = ape(differing)
    assert run.outcome.stop == "done"
    assert run.outcome.steps == 3
    assert run.outcome.spent.usage["optimizer"].calls == 25 + 2 * 8 == len(run.updates)
    assert APEOptimizer().step_calls(TASK).versions == 14  # 41 calls in 3 steps


@pytest.mark.parametrize("most", [0, 20, 60, 137])
def test_the_pulls_are_never_exceeded_and_none_is_made_twice(most: int) -> None:
    run = ape(differing, optimizer=spec(pulls=most))
    for made in pulls(run).values():
        assert made.total() <= most
        assert max(made.values()) == 1
    assert max(Counter(run.evaluator.asked).values(), default=1) == 1


def test_the_better_ones_see_more_cases() -> None:
    run = ape(differing, steps=1)
    seen = Counter(artifact for artifact, _ in pulls(run)[1])
    survivors = run.states[-1]["survivors"]
    assert len(survivors) == 4
    assert {seen[s] for s in survivors} == {20}
    assert min(seen.values()) < 10
    assert pulls(run)[1].total() < 25 * 20  # less than all on all
    assert {prompt(f"{naming(*ANY[:3])} {n}").id for n in range(0, 25, 4)} >= set(survivors)


def test_all_see_the_same_cases_in_the_same_order() -> None:
    run = ape(differing, steps=1)
    first: dict[str, tuple[str, ...]] = {}
    for event in run.events:
        if isinstance(event, Evaluated) and event.step:
            first.setdefault(event.artifact, tuple(r.case_id for r in event.evaluation.results))
    assert len(set(first.values())) == 1


def test_survivors_are_said_in_other_words() -> None:
    run = ape(differing, steps=2)
    varied = [a.prompt for a in run.updates[25:]]
    originals = {re.findall(r"<CURRENT>\n(.*?)\n</CURRENT>", p, re.DOTALL)[0] for p in varied}
    (kept,) = [e.accepted for e in run.events if isinstance(e, Updated) and e.step == 1]
    assert {prompt(text).id for text in originals} == set(kept)
    assert len(varied) == 8
    assert not any("Expected:" in p for p in varied)
    parents = [i.parents[0] for e in run.events if isinstance(e, Proposed) and e.step == 2 for i in e.items]
    assert parents == [each for each in kept for _ in range(2)]


def test_a_variation_that_is_better_wins() -> None:
    def script(asked: Asked, number: int) -> str:
        return reply(f"{naming(*ANY[:3])} again") if "variation" in asked.prompt else reply(f"{SEED} {number}")

    run = ape(script)
    assert run.winner == f"{naming(*ANY[:3])} again"


def test_what_is_kept_is_the_best_of_all_steps() -> None:
    def script(asked: Asked, number: int) -> str:
        return reply(f"{SEED} {number}" if "variation" in asked.prompt else f"{naming(*ANY[: number % 4])} {number}")

    run = ape(script)
    assert [state["survivors"] for state in run.states[1:]] == [run.states[1]["survivors"]] * 3
    assert run.states[-1]["incumbent"] in {prompt(f"{naming(*ANY[:3])} {n}").id for n in range(3, 25, 4)}


def test_few_prompts_keep_the_original_out() -> None:
    run = ape(in_turn(reply(naming("bug"))), optimizer=spec(demonstration_sets=1, samples=1), steps=1)
    assert run.states[-1]["survivors"] == [prompt(naming("bug")).id]


def test_where_no_prompt_could_be_read_the_pool_is_asked_for_again() -> None:
    run = ape(in_turn("no"), optimizer=spec(demonstration_sets=1, samples=2, rounds=1), steps=4)
    assert run.statuses == ["unparsable"] * 4
    assert [a.purpose for a in run.model.asked] == ["update", "update", "reask", "reask"] * 2
    assert run.outcome.stop == "done"
    assert run.winner is None


def test_a_lost_token_is_asked_for_again() -> None:
    few = spec(demonstration_sets=1, samples=1, rounds=0)
    run = ape(in_turn(reply("None."), reply(naming("bug"))), optimizer=few)
    assert f"lost what must be kept: {TOKEN}" in run.model.asked[1].prompt
    assert run.winner == naming("bug")


def test_parts_are_inferred_in_turn() -> None:
    parts = (Part(name="system", text="Sort tickets."), Part(name="user", text=TOKEN, must_keep=(TOKEN,)))
    evaluator = Tickets(Artifact(kind="prompt", parts=parts))
    run = ape(differing, evaluator=evaluator, optimizer=spec(samples=1), steps=1)
    assert [re.findall(r"You write the part (\w+)", a.prompt)[0] for a in run.updates] == [
        "system",
        "user",
        "system",
        "user",
        "system",
    ]


def test_it_needs_expected_answers() -> None:
    class Open(Tickets):
        def cases(self):
            return {s: [Case(id=c.id, input=c.input) for c in cases] for s, cases in super().cases().items()}

    with pytest.raises(BadRequest, match="no case has one"):
        ape(differing, evaluator=Open())


def test_it_needs_a_model_and_a_prompt() -> None:
    with pytest.raises(BadRequest, match="needs a model"):
        ape(None)
    with pytest.raises(BadRequest, match="refines prompts, and this is a function"):
        drive(APEOptimizer(), differing, evaluator=Counting())


def test_where_everything_passes_nothing_is_asked() -> None:
    run = ape(differing, evaluator=Tickets(prompt(naming(*ANY))))
    assert run.model.asked == []
    assert run.evaluator.asked == []
    assert run.outcome.stop == "done"


@pytest.mark.parametrize("calls", [0, 1])
def test_without_calls_it_ends_with_the_seed(calls: int) -> None:
    run = ape(in_turn(reply(f"{SEED} please")), limits=Limits(calls=calls))
    assert run.outcome.stop == "budget"
    assert len(run.model.asked) == calls
    assert run.winner is None


def test_two_sessions_are_one() -> None:
    whole = ape(differing_in_step, steps=3)
    first = ape(differing_in_step, steps=1)
    told = [e for e in first.events if e.type != "finished"]
    second = ape(differing_in_step, steps=3, history=History(told))
    assert [a.prompt for a in (*first.model.asked, *second.model.asked)] == [a.prompt for a in whole.model.asked]
    assert first.states + second.states == whole.states
    assert second.winner == whole.winner


def differing_in_step(asked: Asked, number: int) -> str:
    """From the request and the place in its step alone: the first has 25 answers."""
    place = number % 25
    return reply(f"{naming(*ANY[place % 4 : 3])} {len(asked.prompt)} {place}")


def test_the_spec_round_trips_and_holds_every_number() -> None:
    assert parse(dump(SPEC), APESpec) == SPEC
    assert all(field.is_required() for field in type(SPEC.knobs).model_fields.values())
