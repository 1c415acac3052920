"""MIPROv2: grounded instructions, demonstrations where they are allowed, a Bayesian search over both."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from cards.toy import Letters
from refining import TASK, assert_resumes, assert_resumes_anywhere, dice, refine, two_parts
from scripted import Asked, in_turn, reply

from secant.budget import Limits
from secant.errors import BadRequest
from secant.events import Evaluated
from secant.optimizers.mipro import MIPROOptimizer, MIPROState
from secant.optimizers.mipro_demos import Demonstration, bootstrapped, labelled, rendered, sets
from secant.optimizers.mipro_spec import MIPROSpec
from secant.optimizers.spec import default, dump, parse
from secant.types import Artifact, Case, CaseResult, Evaluation, Part, Task

SPEC = default("mipro", MIPROSpec)
SHOWING = TASK.model_copy(update={"facts": {**TASK.facts, "demonstrations": 2}})


def spec(**knobs) -> MIPROSpec:
    given = SPEC.model_dump(mode="json")
    return MIPROSpec.model_validate({**given, "knobs": {**given["knobs"], **knobs}})


def states(done) -> list[MIPROState]:
    return [MIPROState.model_validate(s) for s in done.states]


def spelling(asked: Asked, number: int) -> str:
    """From the request alone: the word with some of its letters, never the last."""
    if asked.purpose == "critique":
        return f"Words of six letters, {dice(asked, 0)[0]}."
    rolled = dice(asked, 0)
    half = "left" if "(left)" in asked.prompt else "right" if "(right)" in asked.prompt else ""
    word = "".join("secant"[n] if rolled[n] % 2 else "x" for n in range(5)) + "x"
    return reply({"left": word[:3], "right": word[3:], "": word}[half])


class Answering(Letters):
    """Letters whose cases have inputs; examples in the prompt are passed over when the word is read."""

    def cases(self):
        told = super().cases()
        return {split: [c.model_copy(update={"input": f"place {c.id}"}) for c in of] for split, of in told.items()}

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        for artifact in artifacts:
            bare = artifact.with_text(artifact.parts[0].text.partition("\n\nExamples:")[0], artifact.parts[0].name)
            (evaluation,) = super().evaluate([bare], stage, case_ids)
            yield evaluation.model_copy(update={"artifact_id": artifact.id})


def test_it_chooses_the_best_instruction() -> None:
    words = ("saaaaa", "seaaaa", "secaaa", "secazz", "zzzzzz", "secanz", "zzzant", "zzzazt")
    done = refine(MIPROOptimizer(), in_turn(*map(reply, words)), steps=9)
    assert done.winner == "secanz"
    assert done.outcome.stop == "done"
    assert len(states(done)[-1].tried) == 9
    assert states(done)[-1].trials[0].value == pytest.approx(1 / 6)  # the original is the first trial


def test_all_calls_are_made_at_the_start() -> None:
    """2 + instructions x parts."""
    done = refine(MIPROOptimizer(spec(instructions=5)), spelling, evaluator=two_parts(), steps=3)
    assert Counter(a.purpose for a in done.model.asked) == {"critique": 2, "update": 5 * 2}
    assert {a.n for a in done.model.asked} == {1}
    told = MIPROOptimizer().step_calls(TASK)
    assert (told.versions, told.critiques) == (2, 1)  # 8 and 2 over the 6 steps of 30 trials


def test_instructions_are_grounded() -> None:
    done = refine(MIPROOptimizer(), spelling, steps=1, evaluator=Answering())
    data, program, *instructions = (a.prompt for a in done.model.asked)
    assert "Describe the data" in data
    assert "Input: place fit1\nExpected: e" in data
    assert "<CURRENT>\naaaaaa" in program
    assert all("go by the cases:\n<NOTES>\nWords of six letters" in p for p in instructions)
    assert all("What somebody else says of the program:" in p for p in instructions)
    tips = [SPEC.part(name) for name in SPEC.parts if name.startswith("tip_") and SPEC.part(name)]
    assert len(tips) == 5
    assert all(any(tip in prompt for prompt in instructions) for tip in tips)


def test_combinations_are_measured_on_few_cases_and_the_best_of_a_step_on_all() -> None:
    words = ("saaaaa", "seaaaa", "secaaa", "secazz", "zzzzzz", "secanz", "zzzant", "zzzazt")
    done = refine(MIPROOptimizer(spec(batch=3, trials_each=4)), in_turn(*map(reply, words)), steps=2)
    told = [(e.step, e.total) for e in done.events if isinstance(e, Evaluated) and e.step]
    assert Counter(told) == {(1, 3): 4, (1, 6): 1, (2, 3): 4, (2, 6): 1}
    trials = states(done)[1].trials
    (whole,) = (t for t in trials[1:] if t.cases == 6)
    few = {t.choices: t.value for t in trials if t.cases == 3}
    assert few[whole.choices] == max(few.values())


def test_without_leave_no_example_is_shown() -> None:
    done = refine(MIPROOptimizer(), spelling, steps=3, evaluator=Answering())
    assert all(s.sets == ((),) and s.focus == () for s in states(done))


def test_demonstrations_are_fit_cases_that_were_answered_rightly() -> None:
    done = refine(MIPROOptimizer(), spelling, steps=5, task=SHOWING, evaluator=Answering())
    first, second, *_ = states(done)
    assert first.focus == (first.base,)
    assert (second.focus, second.probe_size) == ((), 0)
    shown = [d for each in second.sets for d in each]
    assert second.sets[0] == ()
    assert 1 < len(second.sets) <= 1 + SPEC.knobs.sets
    assert all(1 <= len(each) <= 2 for each in second.sets[1:])
    assert all(d.case.startswith("fit") and d.answer == "secant"[int(d.case[-1])] for d in shown)
    texts = [t for t in _texts(done) if "Examples:\n\nInput: place" in t]
    assert texts
    assert all(text.count("Input: place") <= 2 for text in texts)


def _texts(done) -> list[str]:
    found = [item.proposal for e in done.events if e.type == "proposed" for item in e.items]
    return [p["artifact"]["parts"][0]["text"] for p in found if p is not None]


def test_trials_end_the_search() -> None:
    done = refine(MIPROOptimizer(spec(trials=3, trials_each=2)), spelling, steps=9)
    assert done.outcome.stop == "done"
    assert len(states(done)[-1].tried) == 1 + 3
    assert [len(s.next) for s in states(done)] == [2, 1, 0]


def test_answers_without_an_instruction_are_counted() -> None:
    done = refine(MIPROOptimizer(spec(ask_again=False)), in_turn("I am sorry, but no."), steps=3)
    assert done.outcome.stop == "done"
    assert states(done)[0].unusable == 8
    assert done.winner is None


@pytest.mark.parametrize("calls", [0, 1, 2, 3, 7])
def test_no_budget_of_calls_is_passed(calls: int) -> None:
    done = refine(MIPROOptimizer(), spelling, limits=Limits(calls=calls))
    assert len(done.model.asked) == calls
    assert Counter(a.purpose for a in done.model.asked)["critique"] == (2 if calls > 2 else 0)
    if calls == 0:
        assert (done.outcome.stop, done.outcome.ranking) == ("budget", ())


@pytest.mark.parametrize("at", [1, 2, 3])
def test_two_sessions_are_one(at: int) -> None:
    assert_resumes(MIPROOptimizer, spelling, steps=4, at=at)


def test_two_sessions_with_demonstrations_are_one() -> None:
    make = lambda: MIPROOptimizer(spec(demonstrations=2))  # noqa: E731
    done = assert_resumes(make, spelling, steps=4, at=2, evaluator=Answering)
    assert len(states(done)[-1].sets) > 1


def test_a_block_of_examples_stands_before_what_is_filled_in() -> None:
    ctx = Contexts()
    one = (Demonstration(case="fit0", answer="yes"),)
    block, example = SPEC.part("block"), SPEC.part("example")

    def text(written: str, *keep: str) -> str:
        return rendered(Part(name="p", text=written, must_keep=keep), one, ctx, block=block, example=example)

    told = "Examples:\n\nInput: is {{it}}?\nOutput: yes"
    assert text("Answer.\n") == f"Answer.\n\n{told}\n"
    assert text("Answer.\n\nTicket: ⟦t⟧\nAnswer:", "⟦t⟧") == f"Answer.\n\n{told}\n\nTicket: ⟦t⟧\nAnswer:"
    assert text("Answer ⟦t⟧.", "⟦t⟧") == f"{told}\n\nAnswer ⟦t⟧."
    unchanged = rendered(Part(name="p", text="Answer."), (), ctx, block=block, example=example)
    assert unchanged == "Answer."


class Contexts:
    """As much of a context as the rendering sees."""

    cases = {"fit": [Case(id="fit0", input="is {{it}}?", expected="yes")]}  # noqa: RUF012


def test_what_is_too_long_wrong_or_unknown_is_no_demonstration() -> None:
    fit = {c.id: c for c in (Case(id="a", input="x" * 400, expected="1"), Case(id="b", input="y"), Case(id="c"))}
    results = (
        CaseResult(case_id="a", score=1, output="1"),
        CaseResult(case_id="b", score=1, output="2"),
        CaseResult(case_id="b", score=1, output="3"),
        CaseResult(case_id="c", score=0.5, output="4"),
        CaseResult(case_id="d", score=1, output="5"),
    )
    found = bootstrapped([Evaluation(artifact_id="x", stage="cases", results=results)], fit, 50)
    assert found == (Demonstration(case="b", answer="2"),)
    assert labelled(fit, 500) == (Demonstration(case="a", answer="1"),)
    assert labelled(fit, 50) == ()


def test_what_is_judged_is_never_shown() -> None:
    """Where there are too few cases to part them, fit cases are select cases under other names."""

    class Few(Answering):
        def cases(self):
            told = super().cases()
            return {split: [c.model_copy(update={"input": "the same"}) for c in of] for split, of in told.items()}

    done = refine(MIPROOptimizer(), spelling, steps=3, task=SHOWING, evaluator=Few())
    assert states(done)[-1].sets == ((),)


def test_sets_are_different_and_no_larger_than_allowed() -> None:
    answered = tuple(Demonstration(case=str(n), answer="x") for n in range(9))
    made = sets(answered, answered[:3], size=4, count=5, rng=random.Random(0))
    assert len(set(made)) == len(made) == 5
    assert all(1 <= len(each) <= 4 for each in made)
    assert len(made[1]) == 4
    assert sets((), (), size=4, count=5, rng=random.Random(0)) == ()
    assert len(sets(answered[:1], (), size=4, count=5, rng=random.Random(0))) == 1


def test_optuna_is_not_loaded_before_it_is_used_and_missing_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys, secant.optimizers.mipro; assert 'optuna' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(BadRequest, match="optuna"):
        refine(MIPROOptimizer(), spelling)


def test_a_function_is_refused() -> None:
    with pytest.raises(BadRequest, match="refines prompts"):
        refine(MIPROOptimizer(), spelling, task=Task(kind="function", goal="fix"))


def test_its_spec_is_data() -> None:
    assert parse(dump(SPEC), MIPROSpec) == SPEC
    assert all(field.is_required() for field in type(SPEC.knobs).model_fields.values())


def test_a_run_goes_on_wherever_it_was_cut_off() -> None:
    assert_resumes_anywhere(
        lambda: MIPROOptimizer(spec(demonstrations=2)), spelling, steps=4, every=5, evaluator=Answering
    )
