"""TextGrad through the real driver: critique, gate, rejections that stay visible, answers that are unusable."""

from __future__ import annotations

import pytest
from cards.toy import HIDDEN, SEED, Letters
from scripted import COUNT, HALF, RIGHT, WORSE, Counting, ScriptedRun, drive, function, in_turn, reply

from secant.budget import Limits
from secant.errors import BadRequest
from secant.events import Evaluated, Proposed
from secant.optimizer import Completion
from secant.optimizers.spec import OptimizerSpec, default
from secant.optimizers.textgrad import TextGradOptimizer
from secant.types import Artifact, Kind, Part, Task


def run(*answers, knobs: dict | None = None, **settings) -> ScriptedRun:
    spec = default("textgrad", OptimizerSpec)
    spec = spec.model_copy(update={"knobs": spec.knobs.model_copy(update=knobs or {})})
    return drive(TextGradOptimizer(spec), in_turn(*answers), **settings)


def test_a_critique_then_a_new_version_until_all_passes() -> None:
    done = run(reply(HALF), reply(RIGHT))
    assert [a.purpose for a in done.model.asked] == ["critique", "update", "critique", "update"]
    assert done.winner == RIGHT
    assert done.outcome.stop == "done"
    assert done.states[-1]["done"]
    assert {stage for _, stage in done.evaluator.runs} == {"cases"}  # every test is run


def test_a_rejected_version_leaves_the_incumbent_and_is_shown() -> None:
    done = run(reply(WORSE, "gave up"), reply(HALF), reply(RIGHT))
    first, second, third = done.updates
    assert "Earlier versions" not in first.prompt
    assert "Version 1 (REJECTED): passes 1 of 4 tests" in second.prompt  # None is right for test_none
    assert "What was changed: gave up" in second.prompt
    assert "range(start, stop):" in second.prompt  # the seed is current still
    assert "Earlier versions" not in third.prompt  # nothing was turned down since
    assert done.reasons[0] == "no better version"
    assert [s["incumbent"] for s in done.states][:2] == [function().id] * 2
    assert done.events  # and it is in the journal, in full
    kept = [e for e in done.events if isinstance(e, Evaluated) and e.artifact == function(WORSE).id]
    assert kept[0].evaluation.results


def test_the_critic_and_the_optimizer_see_the_whole_function_and_its_context() -> None:
    critic, optimizer = run(reply(RIGHT)).model.asked
    for asked in (critic, optimizer):
        assert COUNT in asked.prompt
        assert "LIMIT = 9" in asked.prompt
        assert "count_up(1, -9) gave [], expected None" in asked.prompt
    assert "the stop is left out" in optimizer.prompt
    assert "<IMPROVED>" not in critic.prompt


def test_a_long_function_is_never_cut() -> None:
    long = COUNT + "".join(f"    # remark {n} of many\n" for n in range(2_000))
    done = run(reply(RIGHT), evaluator=Counting(function(long)), steps=1)
    assert all(long.rstrip("\n") in asked.prompt for asked in done.model.asked)


def test_a_failed_critic_costs_no_step() -> None:
    def script(asked, number):
        return Completion(id="c", text="", finish="failed") if asked.purpose == "critique" else reply(RIGHT)

    done = drive(TextGradOptimizer(), script)
    assert done.winner == RIGHT
    assert "critic" not in done.updates[0].prompt


def test_a_batch_that_all_passes_asks_nothing() -> None:
    done = drive(TextGradOptimizer(), in_turn("unused"), evaluator=Letters("aaaaaa"), steps=3)
    assert done.model.asked == []
    assert done.outcome.ranking == ()


@pytest.mark.parametrize("calls", [0, 1, 2, 3])
def test_a_small_budget_ends_cleanly(calls: int) -> None:
    done = run(reply(WORSE), reply(HALF), limits=Limits(calls=calls))
    assert done.outcome.stop == "budget"
    assert done.winner is None
    assert sum(a.n for a in done.model.asked) <= calls
    if calls == 1:
        assert [a.purpose for a in done.model.asked] == ["update"]  # a critique alone would be paid for nothing


def test_what_one_call_finds_is_kept() -> None:
    assert run(reply(RIGHT), limits=Limits(calls=1)).winner == RIGHT


# --- answers that cannot be used


def test_a_fault_of_form_is_asked_for_once_more_and_the_error_is_quoted() -> None:
    done = run("I would add one to stop.", reply(RIGHT))
    critique, first, second = done.model.asked
    assert (critique.purpose, first.purpose, second.purpose) == ("critique", "update", "reask")
    assert second.prompt.startswith(first.prompt)
    remark = second.prompt[len(first.prompt) :]
    assert "the answer had no text between the tags" in remark
    assert "I would add one" not in second.prompt
    assert done.winner == RIGHT


def test_a_cut_reply_is_asked_for_again_with_that_reason() -> None:
    cut = Completion(id="1", text="<IMPROVED>\ndef count_up(", finish="length")
    done = run(cut, reply(RIGHT), steps=1)
    assert "cut off by the length limit" in done.model.asked[-1].prompt


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("no tags at all", "unparsable", "the answer had no text between the tags"),
        ("", "unparsable", "the answer was empty"),
        (Completion(id="1", text="", finish="failed", reason="429 again"), "unparsable", "429 again"),
        (Completion(id="1", text="No.", finish="refusal"), "unparsable", "refused"),
        (reply(COUNT), "noop", "the same as the current one"),
        (reply("def other(): pass"), "unparsable", "does not define the function count_up"),
        (reply("def count_up(:"), "unparsable", "not valid Python"),
        ("x" * 2_000_000, "unparsable", "no text between the tags"),
    ],
)
def test_an_unusable_answer_is_a_typed_outcome_that_the_next_request_shows(answer, status: str, said: str) -> None:
    done = run(answer, answer, reply(RIGHT), knobs={"ask_again": False}, steps=3)
    assert done.statuses == [status, status, "ok"]
    (item, *_) = [i for e in done.events if isinstance(e, Proposed) for i in e.items]
    assert item.id == function().id  # the artifact is the one that it would have replaced
    assert len(item.rationale) < 2_000
    assert said in item.rationale
    assert item.proposal["paid"]
    assert "Answers of yours that could not be used:" in done.updates[1].prompt
    assert said in done.updates[1].prompt
    assert said not in done.updates[0].prompt
    assert done.winner == RIGHT


def test_a_version_that_was_tried_before_is_told_as_such() -> None:
    done = run(reply(WORSE), reply(WORSE, "once more"), reply(RIGHT))
    assert done.statuses == ["ok", "duplicate", "ok"]
    assert "step 2: the text had been tried before (once more)" in done.updates[2].prompt


def test_only_the_latest_troubles_are_told() -> None:
    done = run("a", "b", "c", "d", reply(RIGHT), knobs={"ask_again": False, "troubles": 2})
    assert done.updates[-1].prompt.count("could not be read") == 2
    assert "step 1" not in done.updates[-1].prompt
    silent = run("a", reply(RIGHT), knobs={"ask_again": False, "troubles": 0})
    assert "could not be used" not in silent.updates[-1].prompt


def test_an_answer_is_asked_for_again_only_within_the_budget() -> None:
    done = run("no tags", limits=Limits(calls=2))
    assert [a.purpose for a in done.model.asked] == ["critique", "update"]
    assert done.statuses == ["unparsable"]


# --- several at once


def test_several_proposals_are_one_request_and_the_best_is_accepted() -> None:
    done = run(reply(WORSE), reply(HALF), "none", reply(RIGHT), knobs={"width": 3}, steps=1)
    assert [(a.purpose, a.n) for a in done.model.asked] == [("critique", 1), ("update", 3), ("reask", 1)]
    assert done.statuses == ["ok", "ok", "ok"]
    assert done.winner == RIGHT


def test_the_smaller_of_two_equals_is_accepted() -> None:
    longer = HALF.replace("found.append(value)", "found.append(value)  # one more")
    done = run(reply(longer), reply(HALF), knobs={"width": 2}, steps=1)
    assert done.states[-1]["incumbent"] == function(HALF).id


def test_a_request_for_many_stays_in_the_budget_of_calls() -> None:
    done = run(reply(WORSE), reply(HALF), knobs={"width": 5, "critique": ()}, limits=Limits(calls=2))
    assert [a.n for a in done.model.asked] == [2]


# --- other kinds


def word(asked, number: int) -> str:
    """Obeys the first remark of the feedback."""
    if asked.purpose == "critique":
        return "obey"
    now = asked.prompt.split("<CURRENT>\n")[1].split("\n")[0]
    place, letter = asked.prompt.split("letter ")[1].split(" should be ")
    return reply(f"{now[: int(place)]}{letter[0]}{now[int(place) + 1 :]}")


def test_a_prompt_is_probed_and_gated_on_its_cases() -> None:
    done = drive(TextGradOptimizer(), word, evaluator=Letters(), steps=20)
    assert done.winner == HIDDEN
    fit = {len(ids) for _, _, ids in done.evaluator.runs if ids[0].startswith("fit")}
    assert fit == {3}
    assert done.outcome.stop == "done"


@pytest.mark.parametrize(
    ("kind", "critic_reads", "writer_reads"),
    [
        ("function", "code, test output", "code, test output"),
        ("prompt", "prompts, cases", "prompts, cases"),
        ("program", "prompts, cases", "prompts, cases"),
        ("solution", "the problem, the solution", "code, test output"),
    ],
)
def test_critic_and_writer_are_told_what_they_read(kind: Kind, critic_reads: str, writer_reads: str) -> None:
    """The writer of a solution still hears the words of a function's."""
    seed = Letters().seed_artifact.model_copy(update={"kind": kind})
    evaluator = Counting() if kind == "function" else Letters(seed_artifact=seed)
    spec = default("textgrad", OptimizerSpec)
    every = spec.model_copy(update={"knobs": spec.knobs.model_copy(update={"critique": (kind,)})})
    task = Task(kind=kind, goal="fix" if kind == "function" else "Spell it.")
    critic, writer = drive(
        TextGradOptimizer(every), in_turn(reply(HALF)), evaluator=evaluator, task=task, steps=1
    ).model.asked[:2]
    assert (critic.purpose, writer.purpose) == ("critique", "update")
    assert f"is material to read: {critic_reads}" in critic.system
    assert f"is material to work on: {writer_reads}" in writer.system


def test_what_must_be_kept_and_what_may_not_change_is_said_and_checked() -> None:
    part = Part(name="word", text="aaaaaa", constraints=("Six letters.",), must_keep=("a",))
    seed = Artifact(kind="prompt", parts=(part, Part(name="title", text="", editable=False)))
    lost = in_turn(reply("secnet"), reply("saaaaa"))
    done = drive(TextGradOptimizer(), lost, evaluator=Letters(seed_artifact=seed), steps=1)
    assert "- Six letters.\n- keep a literally, spelt exactly so" in done.updates[0].prompt
    assert [a.purpose for a in done.model.asked][-1] == "reask"
    assert "had lost what must be kept: a" in done.model.asked[-1].prompt
    assert done.statuses == ["ok"]


def test_parts_take_turns() -> None:
    parts = tuple(Part(name=name, text="aaa") for name in ("left", "right"))
    evaluator = Letters(seed_artifact=Artifact(kind="program", parts=parts))
    answers = in_turn(reply("bbb"), reply("ccc"), reply("ddd"))
    done = drive(TextGradOptimizer(), answers, evaluator=evaluator, steps=3, task=Task(kind="program", goal="spell"))
    named = [a.prompt.split("a prompt (its part ")[1].split(")")[0] for a in done.updates]
    assert named == ["left", "right", "left"]
    assert "right:\naaa" in done.updates[0].prompt
    changed = [i.proposal["changed"] for e in done.events if isinstance(e, Proposed) for i in e.items]
    assert changed == [["left"], ["right"], ["left"]]


def test_without_a_model_it_says_what_to_do() -> None:
    with pytest.raises(BadRequest, match="needs a model") as refused:
        drive(TextGradOptimizer(), None)
    assert "--model" in refused.value.hint


def test_the_seed_is_what_the_toy_begins_with() -> None:
    assert SEED.text == "aaaaaa"  # test_a_batch_that_all_passes_asks_nothing relies on it
