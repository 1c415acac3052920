"""HessianGrad: the report of measured changes, its regime, the directive and the word budget that follow from it."""

from __future__ import annotations

import pytest
from cards.toy import Letters
from golden_prompts import BAD, RENAMED, SHORT, UNROLLED
from scripted import COUNT, HALF, RIGHT, WORSE, Counting, ScriptedRun, drive, function, in_turn, reply

from secant.events import Updated
from secant.optimizers.hessiangrad import HessianGradOptimizer, HessianState
from secant.optimizers.spec import OptimizerSpec, default
from secant.search.evolution import EvolutionReport
from secant.search.schedule import Schedule
from secant.search.similarity import words

REMARKS = "".join(f"    # remark {n} of those that make it long\n" for n in range(60))


def filled(text: str) -> str:
    """The same function in 500 words, so that the budget is less than everything."""
    head, _, body = text.partition("\n")
    return f"{head}\n{REMARKS}{body}"


def run(*answers: str, seed: str = COUNT, **settings) -> ScriptedRun:
    settings = {"steps": len(answers), "evaluator": Counting(function(seed)), **settings}
    return drive(HessianGradOptimizer(), in_turn(*answers), **settings)


def reports(done: ScriptedRun) -> list[EvolutionReport]:
    return [HessianState.model_validate(state).evolution for state in done.states]


def test_nothing_is_reported_of_one_version() -> None:
    done = run(reply(RIGHT))
    assert "Taken together" not in done.updates[0].prompt
    assert reports(done)[0] == EvolutionReport()


def test_each_measured_step_is_told_to_readers() -> None:
    done = run(reply(HALF), reply(WORSE), reply(RIGHT))
    told = [event.evolution for event in done.events if isinstance(event, Updated)]
    assert told[0] is None  # there was one version
    latest = [report.transitions[-1] for report in reports(done)[1:]]
    for evolution, transition, report in zip(told[1:], latest, reports(done)[1:], strict=True):
        assert evolution is not None
        assert (evolution.step_size, evolution.score_change) == (transition.step_size, transition.score_change)
        assert (evolution.fixed, evolution.broken) == (len(transition.fixed), len(transition.broken))
        assert (evolution.bend, evolution.regime) == (transition.bend, report.regime)
    assert [e.accepted for e in told[1:] if e is not None] == [True, False, True]


@pytest.mark.parametrize(
    ("answers", "regime", "directive"),
    [
        ([HALF], "progressing", "The last change helped. Go on in its direction"),
        ([BAD], "regressing", "Start from the current version, the best so far"),
        ([WORSE], "progressing", "made a difference, but no gain"),
        ([RENAMED, UNROLLED], "stagnating", "The last 2 steps changed neither the outcomes nor the score."),
        ([WORSE, SHORT], "oscillating", "Only version 1 gets right: test_none. Only version 2 gets right: test_down."),
    ],
)
def test_each_regime_has_its_directive(answers: list[str], regime: str, directive: str) -> None:
    done = run(*(reply(a) for a in answers), reply(RIGHT))
    prompt = done.updates[-1].prompt
    assert f"Taken together: {regime}." in prompt
    assert directive in prompt
    others = {"progressing", "regressing", "stagnating", "oscillating"} - {regime}
    assert not any(f"Taken together: {other}" in prompt for other in others)
    assert "varied" not in prompt
    assert "unique" not in prompt


def test_the_numbers_are_measured() -> None:
    """HALF changes one word of 14 into three (2 more), fixes two of four tests, and changes their two outcomes."""
    done = run(reply(HALF), reply(RIGHT))
    (step,) = reports(done)[1].transitions
    assert len(words(COUNT)) == 14
    assert step.step_size == pytest.approx(3 / 14)
    assert step.score_change == pytest.approx(0.5)
    assert (step.fixed, step.broken) == (("test_one", "test_three"), ())
    assert step.sensitivity == pytest.approx(0.5 / (3 / 14))
    assert 0.25 < step.response_change < 0.5  # two responses of four changed, each nearly wholly
    assert "text 0.21, score +0.50 (2 fixed, 0 broken of 4)" in done.updates[1].prompt
    assert "bend unknown" in done.updates[1].prompt


def test_the_bend_is_the_second_difference() -> None:
    done = run(reply(HALF), reply(BAD), reply(RIGHT))
    first, second = reports(done)[2].transitions
    assert (first.score_change, second.score_change) == (0.5, -0.75)
    assert second.bend == pytest.approx(-1.25)
    assert [t.accepted for t in (first, second)] == [True, False]


def test_an_answer_that_cannot_be_used_is_no_step() -> None:
    done = run(reply(HALF), "no", "no", reply(RIGHT), steps=3)
    assert len(reports(done)[2].transitions) == 1


@pytest.mark.parametrize(
    ("answers", "factor"),
    [([HALF], 0.5), ([BAD], 0.5), ([RENAMED, UNROLLED], 1.5), ([WORSE, SHORT], 0.4)],
)
def test_the_word_budget_follows_schedule_and_regime(answers: list[str], factor: float) -> None:
    done = run(*(reply(filled(a)) for a in answers), reply(filled(RIGHT)), seed=filled(COUNT))
    schedule = default("hessiangrad", OptimizerSpec).knobs.function_percent
    assert schedule == Schedule(shape="cosine", start=100, end=30, steps=18)
    prompt = done.updates[-1].prompt
    size = len(words(prompt.split("<CURRENT>")[1].split("</CURRENT>")[0]))
    allowed = round(schedule.words(len(answers) + 1) / 100 * size * factor)
    if factor > 1:
        assert "You may write the whole text anew" in prompt
    else:
        assert f"has {size} words. Change at most about {allowed} of them" in prompt


def test_no_budget_is_too_small_to_change_anything() -> None:
    assert "Change at most about 12 of them" in run(reply(HALF), reply(RIGHT)).updates[1].prompt


def test_the_first_step_may_write_everything_anew() -> None:
    assert "You may write the whole text anew" in run(reply(RIGHT)).updates[0].prompt


def test_the_state_keeps_a_window_of_steps() -> None:
    tries = [COUNT.replace("found.append(value)", f"found.append(value + {n})") for n in range(1, 9)]
    done = run(*(reply(t) for t in tries))
    assert [len(r.transitions) for r in reports(done)] == [0, 1, 2, 3, 4, 4, 4, 4, 4]


def test_versions_rejected_on_other_cases_are_compared_with_the_one_they_were_made_from() -> None:
    """Mini-batches of a prompt have no case in common with those of a version that never saw the others."""
    done = drive(
        HessianGradOptimizer(),
        in_turn(*(reply(w) for w in ("baaaaa", "abaaaa", "aabaaa"))),
        evaluator=Letters(),
        steps=3,
    )
    for report in reports(done)[1:]:
        assert report.transitions[-1].n >= 3
    assert {t.accepted for t in reports(done)[-1].transitions} == {False}


def test_without_thresholds_there_is_no_report() -> None:
    spec = default("hessiangrad", OptimizerSpec)
    silent = spec.model_copy(update={"knobs": spec.knobs.model_copy(update={"evolution": None})})
    done = drive(HessianGradOptimizer(silent), in_turn(reply(HALF), reply(RIGHT)))
    assert "Taken together" not in done.updates[1].prompt


def test_the_best_is_offered_not_the_last() -> None:
    done = run(reply(HALF), reply(BAD), steps=2)
    assert done.outcome.ranking == ()  # nothing passes all tests, so nothing is offered
    prompt = drive(
        HessianGradOptimizer(), in_turn(reply("secaaa"), reply("zzzzzz"), reply("yyyyyy")), evaluator=Letters(), steps=3
    )
    currents = [u.prompt.split("<CURRENT>\n")[1][:6] for u in prompt.updates]
    assert currents == ["aaaaaa", "secaaa"]  # the batch of the third step all passes
    assert prompt.states[-1]["incumbent"] == prompt.states[1]["incumbent"] != prompt.states[0]["incumbent"]
    assert prompt.winner == "secaaa"
