"""GPO: what its requests show, how its word budget is kept, where a step goes, what is offered."""

from __future__ import annotations

import itertools
import re

import pytest
from cards.toy import Letters
from scripted import Asked, Counting, ScriptedRun, drive, in_turn, reply
from tickets import SEED, TASK, TOKEN, Tickets, naming, prompt

from secant.budget import Limits
from secant.errors import BadRequest
from secant.events import Evaluated, Proposed, Updated
from secant.history import History
from secant.optimizers.gpo import GPOOptimizer, GPOSpec
from secant.optimizers.spec import default, dump, parse
from secant.search.retrieval import Retrieval
from secant.search.schedule import Schedule
from secant.types import Artifact, Part

SPEC = default("gpo", GPOSpec)
EVERYTHING = Retrieval(most=30, tokens=9_999, relevance=1.0, same=1.0)
STEPS = TASK.model_copy(update={"facts": {**TASK.facts, "steps": 18}})
LADDER = [naming(*queues) for n in range(1, 5) for queues in itertools.combinations(("billing", "bug", "account"), n)]


def spec(**knobs) -> GPOSpec:
    return SPEC.model_copy(update={"knobs": SPEC.knobs.model_copy(update=knobs)})


def gpo(script, *, evaluator=None, optimizer=None, task=TASK, **fields) -> ScriptedRun:
    return drive(optimizer or GPOOptimizer(), script, evaluator=evaluator or Tickets(), task=task, **fields)


def numbered(asked: Asked, number: int) -> str:
    """Eight different prompts in every step, each of them a little different."""
    return reply(f"{naming('bug', 'billing') if number % 3 else SEED} {number}", note=f"number {number}")


def shown(request: str) -> list[str]:
    return re.findall(r"<PROMPT>\n(.*?)\n</PROMPT>", request, re.DOTALL)


def test_one_request_of_eight_answers_is_paid_as_eight() -> None:
    run = gpo(numbered, steps=3)
    assert [a.n for a in run.model.asked] == [8, 8, 8]
    assert run.outcome.spent.usage["optimizer"].calls == 24
    assert GPOOptimizer().step_calls(TASK) == (8, 0)


def test_scores_are_whole_numbers_with_their_cases() -> None:
    run = gpo(numbered, steps=2)
    scores = re.findall(r"[Ss]core (\S+) on (\d+) cases", run.updates[1].prompt)
    assert all(re.fullmatch(r"\d+", score) for score, _ in scores)
    assert {n for _, n in scores} == {"16", "20"}
    assert ("60", "20") in scores
    assert "with score 20 on 20 cases" in run.updates[0].prompt


def test_all_that_was_measured_may_be_shown_and_the_current_one_only_once() -> None:
    run = gpo(numbered, steps=3, optimizer=GPOOptimizer(spec(retrieval=EVERYTHING)))
    measured = {e.artifact for e in run.events if isinstance(e, Evaluated)}
    for request in run.updates[1:]:
        current = re.findall(r"<CURRENT>\n(.*?)\n</CURRENT>", request.prompt, re.DOTALL)
        assert len(current) == 1
        assert current[0] not in shown(request.prompt)
    assert SEED in shown(run.updates[-1].prompt)
    last = {prompt(text).id for text in shown(run.updates[-1].prompt)}
    assert last < measured | {prompt().id}
    assert len(last) == 16  # the seed and two steps of eight, without the current one
    assert "Other prompts" not in run.updates[0].prompt


def test_few_tokens_show_few_prompts() -> None:
    tight = SPEC.knobs.retrieval.model_copy(update={"tokens": 25})
    run = gpo(numbered, steps=3, optimizer=GPOOptimizer(spec(retrieval=tight)))
    assert len(shown(run.updates[-1].prompt)) == 1


def test_the_word_budget_follows_the_run_s_steps() -> None:
    run = gpo(numbered, steps=18, task=STEPS)
    told = [int(re.findall(r"by at most (\d+) words", a.prompt)[0]) for a in run.updates]
    assert told == [49, 48, 47, 45, 42, 40, 36, 33, 30, 26, 23, 20, 17, 14, 12, 11, 10, 10]


def test_what_changes_too_much_is_asked_for_once_more_and_then_kept_with_a_remark() -> None:
    few = GPOOptimizer(spec(width=1, words=Schedule(shape="fixed", start=5)))
    longer, long = (f"{SEED} {' '.join(f'word{n}' for n in range(size))}" for size in (9, 7))
    kept = gpo(in_turn(reply(long), reply(longer)), optimizer=few, steps=1)
    (asked, again) = kept.model.asked
    assert again.prompt.startswith(asked.prompt)
    assert "differed from the current prompt by 7 words, and at most 5 are allowed" in again.prompt
    (item,) = [i for e in kept.events if isinstance(e, Proposed) for i in e.items]
    assert item.status == "ok"
    assert (item.proposal["artifact"]["parts"][0]["text"], item.proposal["edit_words"]) == (long, 7)
    assert "(differs by 7 words; 5 were allowed)" in item.proposal["rationale"]
    mended = gpo(in_turn(reply(long), reply(f"{SEED} bug")), optimizer=few, steps=1)
    (item,) = [i for e in mended.events if isinstance(e, Proposed) for i in e.items]
    assert item.proposal["edit_words"] == 1
    assert "allowed" not in item.proposal["rationale"]


@pytest.mark.parametrize(("limits", "again"), [(Limits(calls=9), 1), (Limits(tokens=810), 0), (Limits(), 8)])
def test_only_what_the_budget_allows_is_asked_for_again(limits: Limits, again: int) -> None:
    """A call costs 90 tokens, and 100 are set aside for each."""
    tight = GPOOptimizer(spec(words=Schedule(shape="fixed", start=1)))
    run = gpo(numbered_words, optimizer=tight, limits=limits, steps=1)
    assert [a.purpose for a in run.model.asked] == ["update"] + ["reask"] * again
    assert run.statuses == ["ok"] * 8
    texts = [i.proposal["artifact"]["parts"][0]["text"] for e in run.events if isinstance(e, Proposed) for i in e.items]
    numbers = [int(number) for text in texts for number in re.findall(r"with (\d+)", text)]
    assert numbers == [*range(8, 8 + again), *range(again, 8)]
    assert sum(1 for e in run.events if isinstance(e, Evaluated) and e.total == 16) == 8


def numbered_words(asked: Asked, number: int) -> str:
    return reply(f"{SEED} with {number} more words")


def test_a_lost_token_is_asked_for_again_and_then_told() -> None:
    run = gpo(in_turn(reply("No token."), reply(f"{TOKEN}?")), optimizer=GPOOptimizer(spec(width=1)), steps=1)
    assert "These tokens must stand in the prompt exactly as they are here" in run.updates[0].prompt
    assert "lost what must be kept: ⟦ticket⟧" in run.model.asked[1].prompt
    assert run.statuses == ["ok"]
    lost = gpo(in_turn(reply("No token.")), optimizer=GPOOptimizer(spec(width=1)), steps=2)
    assert lost.statuses == ["constraint", "constraint"]
    assert "it broke a limit (the new text had lost" in lost.updates[1].prompt


def test_a_first_look_at_the_same_cases_and_all_of_them_for_the_best() -> None:
    run = gpo(numbered, steps=2)
    done = [e.evaluation for e in run.events if isinstance(e, Evaluated) and e.step and e.evaluation.split == "select"]
    first = [e for e in done if e.n == 16]
    assert len(first) == 16
    assert len({tuple(r.case_id for r in e.results) for e in first}) == 1
    whole = [e for e in done if e.n == 20]
    assert len(whole) == 6
    small = gpo(numbered, evaluator=Tickets(select=10), steps=1)
    assert [
        e.total for e in small.events if isinstance(e, Evaluated) and e.step and e.evaluation.split == "select"
    ] == [10] * 8


WALK = [reply(naming("billing", "bug")), reply(f"{SEED} Be brief."), reply(naming("billing", "bug", "account"))]


def test_a_step_moves_to_its_best_even_downhill_and_says_so() -> None:
    run = gpo(in_turn(*WALK), optimizer=GPOOptimizer(spec(width=1)), steps=3)
    assert run.reasons == [
        "better: 20 -> 60 of 100 on the same 20 cases",
        "downhill, to explore: 60 -> 20 of 100 on the same 20 cases",
        "better: 20 -> 80 of 100 on the same 20 cases",
    ]
    incumbents = [e.incumbent for e in run.events if isinstance(e, Updated)]
    assert len(set(incumbents)) == 4  # never back
    assert run.winner == naming("billing", "bug", "account")


def test_the_best_of_a_step_is_the_next() -> None:
    answers = in_turn(reply(naming("bug")), reply(naming("bug", "billing")), reply(naming("account")))
    run = gpo(answers, optimizer=GPOOptimizer(spec(width=3)), steps=1)
    assert run.states[-1]["incumbent"] == prompt(naming("bug", "billing")).id


def test_without_exploring_it_stays_at_what_is_better() -> None:
    run = gpo(in_turn(*WALK), optimizer=GPOOptimizer(spec(width=1, explore=False)), steps=2)
    assert run.reasons[1] == "not better, and the step stays: 60 -> 20 of 100 on the same 20 cases"
    assert run.states[-1]["incumbent"] == prompt(naming("billing", "bug")).id


def test_the_best_is_offered_though_the_search_went_on_downhill() -> None:
    run = gpo(in_turn(*WALK[:2]), optimizer=GPOOptimizer(spec(width=1)), steps=2)
    assert run.states[-1]["incumbent"] == prompt(f"{SEED} Be brief.").id
    assert run.outcome.ranking == (prompt(naming("billing", "bug")).id,)


def test_the_editing_flavour_asks_for_a_change() -> None:
    run = gpo(numbered, optimizer=GPOOptimizer(spec(flavour="edit")), steps=1)
    assert "Then change the current prompt" in run.updates[0].prompt
    assert "write a new prompt" not in run.updates[0].prompt


def test_the_task_s_facts_are_told() -> None:
    (request,) = gpo(numbered, steps=1).updates
    assert TASK.facts["judged"] in request.prompt
    assert TASK.facts["usage"] in request.prompt


def told(request: str) -> list[tuple[str, str, str]]:
    """The queue that is expected, right or wrong, and the answer that the current prompt led to."""
    return re.findall(r"Input: fit ticket \d+: a matter of \w+\nExpected: (\w+)\nGot \((\w+)\): (\w+)", request)


def test_fit_cases_that_the_current_prompt_gets_wrong_are_shown_first_and_every_answer_once_before_any_twice() -> None:
    run = gpo(in_turn(reply(naming("bug", "account"))), optimizer=GPOOptimizer(spec(width=1)), steps=2)
    first, second = (told(a.prompt) for a in run.updates)
    assert {queue for queue, _, _ in first[:4]} == {"billing", "bug", "account", "shipping"}
    assert [grade for _, grade, _ in first] == ["wrong"] * 5 + ["right"]
    assert first[-1] == ("other", "right", "other")
    assert sorted(queue for queue, grade, _ in second if grade == "wrong") == ["billing", "billing"] + ["shipping"] * 2
    assert [grade for _, grade, _ in second] == ["wrong"] * 4 + ["right"] * 2
    assert all("Got is the answer that the current prompt led to" in a.prompt for a in run.updates)
    assert all("For each case above that the current prompt gets wrong" in a.prompt for a in run.updates)


def test_the_current_prompt_is_run_on_as_many_fit_cases_as_the_spec_says() -> None:
    run = gpo(numbered, optimizer=GPOOptimizer(spec(probe=4)), steps=2)
    probed = [
        (e.artifact, e.evaluation.n) for e in run.events if isinstance(e, Evaluated) and e.evaluation.split == "fit"
    ]
    assert [n for _, n in probed] == [4, 4]
    assert [artifact for artifact, _ in probed] == [prompt().id, run.states[1]["incumbent"]]
    few = gpo(numbered, limits=Limits(calls=27), steps=1)  # 8 for the answers, 16 for one of them
    assert [e.evaluation.n for e in few.events if isinstance(e, Evaluated) and e.evaluation.split == "fit"] == [3]
    unknown = gpo(numbered, optimizer=GPOOptimizer(spec(probe=0)), steps=1)
    assert len(re.findall("Expected: ", unknown.updates[0].prompt)) == 6
    assert "Got" not in unknown.updates[0].prompt
    assert "gets wrong" not in unknown.updates[0].prompt
    assert not any(e.evaluation.split == "fit" for e in unknown.events if isinstance(e, Evaluated))


def test_parts_are_written_in_turn_and_the_others_shown() -> None:
    parts = (Part(name="system", text="Sort tickets."), Part(name="user", text=TOKEN, must_keep=(TOKEN,)))
    evaluator = Tickets(Artifact(kind="prompt", parts=parts))
    answers = in_turn(reply("Sort: bug."), reply(f"{TOKEN} billing?"))
    run = gpo(answers, evaluator=evaluator, optimizer=GPOOptimizer(spec(width=1)), steps=2)
    first, second = (a.prompt for a in run.updates)
    assert "You write the part system" in first
    assert f"user:\n{TOKEN}" in first
    assert "These tokens" not in first
    assert "You write the part user" in second
    assert "system:\nSort: bug." in second
    assert run.reasons[-1].startswith("better: 40 -> 60")


def test_a_text_of_a_part_stands_for_its_best_measured_prompt() -> None:
    parts = (Part(name="system", text="Sort."), Part(name="user", text=TOKEN, must_keep=(TOKEN,)))
    answers = in_turn(
        reply("Sort: bug."),  # scores 40
        reply(f"{TOKEN} billing"),  # 60
        reply("Sort: bug. account"),  # 80
        reply(f"{TOKEN} which"),  # 60
        reply("Sort."),
    )
    evaluator = Tickets(Artifact(kind="prompt", parts=parts))
    run = gpo(answers, evaluator=evaluator, optimizer=GPOOptimizer(spec(width=1, retrieval=EVERYTHING)), steps=5)
    assert sorted(shown(run.updates[4].prompt)) == ["Sort.", "Sort: bug."]
    assert "Score 60 on 20 cases:\n<PROMPT>\nSort: bug.\n" in run.updates[4].prompt


def test_where_everything_passes_nothing_is_asked() -> None:
    run = gpo(numbered, evaluator=Tickets(prompt(naming("billing", "bug", "account", "shipping"))))
    assert run.model.asked == []
    assert run.outcome.stop == "done"
    assert run.winner is None


@pytest.mark.parametrize("calls", [0, 1])
def test_without_calls_it_ends_with_the_seed(calls: int) -> None:
    run = gpo(numbered, limits=Limits(calls=calls))
    assert run.outcome.stop == "budget"
    assert sum(a.n for a in run.model.asked) == calls
    assert run.winner in (None, f"{SEED} 0")


def test_it_needs_a_model_and_a_prompt() -> None:
    with pytest.raises(BadRequest, match="needs a model"):
        gpo(None)
    with pytest.raises(BadRequest, match="refines prompts, and this is a function"):
        drive(GPOOptimizer(), numbered, evaluator=Counting())


def test_two_sessions_are_one() -> None:
    whole = gpo(numbered_by_request, steps=4)
    first = gpo(numbered_by_request, steps=2)
    told = [e for e in first.events if e.type != "finished"]
    second = gpo(numbered_by_request, steps=4, history=History(told))
    assert [a.prompt for a in (*first.model.asked, *second.model.asked)] == [a.prompt for a in whole.model.asked]
    assert first.states + second.states == whole.states
    assert second.winner == whole.winner


def numbered_by_request(asked: Asked, number: int) -> str:
    """From the request and the place in it alone, as a cached model would."""
    return reply(LADDER[(len(asked.prompt) + number % 8) % len(LADDER)] + str(len(asked.prompt) % 7 + number % 8))


def test_it_finds_the_word() -> None:
    letters = Letters()
    run = drive(GPOOptimizer(), word_by_request, evaluator=letters, steps=8)
    assert run.winner == letters.hidden


def word_by_request(asked: Asked, number: int) -> str:
    place = (len(asked.prompt) + number) % 6
    current = re.findall(r"<CURRENT>\n(.*?)\n</CURRENT>", asked.prompt)[-1]
    return reply(current[:place] + "secant"[place] + current[place + 1 :])


def test_the_spec_round_trips_and_holds_every_number() -> None:
    assert parse(dump(SPEC), GPOSpec) == SPEC
    assert all(field.is_required() for field in type(SPEC.knobs).model_fields.values())
