"""`secant eval` on real prompt files: with a model, and on answers that were recorded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from secant.errors import BadRequest
from secant.events import Baseline, Evaluated, Forecast, TestsFound
from secant.models.gateway import Gateway
from secant.report import report
from tests.optimizers.promptfiles.counter import PROMPT, Counter, Provider, program, rows


def unasked(prompt: str, number: int) -> str:
    raise AssertionError("nothing may be paid for")


def test_every_case_is_scored(tmp_path: Path) -> None:
    run = Counter(tmp_path).score(run=lambda prompt, n: program(f"BIL for {prompt}"))
    told = run.finished.score
    assert run.finished.outcome == "scored"
    assert (told.n, told.before) == (30, pytest.approx(1 / 3))
    assert told.before_low < 1 / 3 < told.before_high
    assert told.after is None
    assert len(run.provider.programs) == 30
    (evaluated,) = run.of(Evaluated)
    assert [r.score for r in evaluated.evaluation.results][:3] == [1.0, 0.0, 0.0]
    assert 'expected "TEC"' in evaluated.evaluation.results[1].feedback
    (baseline,) = run.of(Baseline)
    assert (baseline.passed, baseline.total) == (10, 30)
    assert (tmp_path / "route.prompt.md").read_bytes() == PROMPT.encode()


def test_recorded_answers_are_judged_without_a_model(tmp_path: Path) -> None:
    answers = ["BIL", "TEC", "BIL"] * 4
    data = [{**row, "recorded": answer} for row, answer in zip(rows(12), answers, strict=True)]
    run = Counter(tmp_path, data).score(model=False)
    assert run.finished.score.before == pytest.approx(8 / 12)
    assert "no model was asked" in run.said
    assert not run.finished.usage


def test_without_a_model_every_case_needs_a_recorded_answer(tmp_path: Path) -> None:
    data = [{**rows(3)[0], "recorded": "BIL"}, *rows(3)[1:]]
    with pytest.raises(BadRequest, match="1 of 3 cases have a recorded answer") as raised:
        Counter(tmp_path, data).score(model=False)
    assert raised.value.where == f"{tmp_path / 'route.eval.jsonl'}:2"


def test_the_page_of_an_evaluation_speaks_of_no_search(tmp_path: Path) -> None:
    page = report(Counter(tmp_path, rows(6)).score().events)
    assert "On 6 cases.\n\n|  |  |\n| --- | --- |\n| score | 0.0 % |\n| 95 % | 0 to 39 |\n" in page
    assert "optimizer" not in page.partition("## ")[0]


def test_where_the_calls_do_not_suffice_for_all_of_many_cases_none_is_asked(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="could not be scored") as raised:
        Counter(tmp_path, rows(1100)).score(max_calls=1099, run=unasked)
    assert "1100 calls" in raised.value.hint


@pytest.mark.parametrize("cap", [{"max_calls": 24}, {"max_usd": 1e-9}, {"max_seconds": 1e-9}])
def test_caps_that_suffice_for_nothing_are_a_wrong_request_before_the_judge_is_paid(
    tmp_path: Path, cap: dict[str, float]
) -> None:
    """Twelve runs, as many verdicts, and one on what a person judged."""
    data: list[dict[str, object]] = [{**row, "recorded": "BIL", "verdict": True} for row in rows(1)]
    with pytest.raises(BadRequest, match="could not be scored") as raised:
        Counter(tmp_path, [*data, *rows(12)[1:]]).score(metric="judge", run=unasked, **cap)
    assert raised.value.exit_code == 2
    assert "--max-" in raised.value.hint


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import nothing_that_there_is\ndef f(output): return True", "m.py cannot be loaded"),
        ("def f(output, colour): return True", "the metric asks for colour, which the case does not have"),
    ],
)
def test_a_metric_that_cannot_be_called_is_told_before_anything_is_paid(
    tmp_path: Path, source: str, words: str
) -> None:
    counter = Counter(tmp_path, rows(9))
    (tmp_path / "m.py").write_text(source)
    with pytest.raises(BadRequest, match=words):
        counter.score(metric="python:m.py::f", run=unasked)


def test_what_the_cache_answers_is_not_foretold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Counter(tmp_path).refine(max_steps=1).of(Forecast)[0].calls
    monkeypatch.setattr(Gateway, "due", lambda self, level, batches: 2)
    assert Counter(tmp_path).score(name="2").of(Forecast)[0].calls == 2
    known = Counter(tmp_path).refine(name="3", max_steps=1).of(Forecast)[0].calls
    assert known == whole - 18 + 2, "of the prompt's own 18 runs on cases to select by and held-out ones"


def test_a_limit_in_dollars_on_a_model_without_a_price_is_a_wrong_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Provider, "price", lambda self, settings: None)
    with pytest.raises(BadRequest, match="the price of fake/one is not known") as raised:
        Counter(tmp_path).score(max_usd=1.0, run=unasked)
    assert raised.value.hint == "Limit the calls instead: --max-calls."


def test_cases_that_the_metric_cannot_judge_are_left_out_aloud(tmp_path: Path) -> None:
    data = [*rows(9), {"ticket": "What is this?", "expected": "no number"}]
    numbers = [{**row, "expected": str(n)} for n, row in enumerate(data[:9])] + data[9:]
    run = Counter(tmp_path, numbers).score(metric="numeric", run=lambda prompt, n: "3")
    (cases,) = run.of(TestsFound)
    assert [case.id for case in cases.left_out] == ["10"]
    assert [case.id for case in cases.tests] == [str(n) for n in range(1, 10)]
    assert run.finished.score.n == 9
    assert any("left out" in e.message for e in run.events if e.type == "notice")


@pytest.mark.parametrize(("metric", "hint"), [("exact", '"expected": "4"'), ("judge", "judge:It names")])
def test_where_no_case_can_be_judged_it_says_what_would_do(tmp_path: Path, metric: str, hint: str) -> None:
    with pytest.raises(BadRequest, match="no case can be judged") as raised:
        Counter(tmp_path, [{"ticket": row["ticket"]} for row in rows(3)]).score(metric=metric)
    assert hint in raised.value.hint


def test_a_broken_template_is_named_in_its_own_file(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.path = tmp_path / "route.jinja2"
    counter.path.write_text("Which queue?\n{% for c in ticket %}{{ c }}\n")
    with pytest.raises(BadRequest, match="the template is not Jinja") as raised:
        counter.score()
    assert raised.value.where == f"{counter.path}:2"


def test_an_unknown_metric_is_met_with_near_names(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no metric named numerics") as raised:
        Counter(tmp_path).score(metric="numerics")
    assert "numeric" in raised.value.hint


def test_a_placeholder_that_no_case_fills_is_named_before_anything_is_asked(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.path.write_text("Which queue gets {{tiket}}?\n")
    with pytest.raises(BadRequest, match=r"fills the placeholder \{\{tiket\}\}") as raised:
        counter.score()
    assert "ticket" in raised.value.hint
    assert raised.value.where == f"{counter.data}:1"


def test_baselines_are_judged_on_the_cases_that_none_was_shown(tmp_path: Path) -> None:
    def thinking(prompt: str, number: int) -> str:
        """Finds the code where solved cases show it, or in one of three tries."""
        if "solved cases" in prompt or "[1]" in prompt:
            return (
                f"Let me see.\nAnswer: {program('BIL for TEC for SHP for ' + prompt)}" if "[1]" not in prompt else "2"
            )
        return program(prompt) if number % 3 else program(f"BIL for TEC for SHP for {prompt}")

    names = ("cot", "few-shot", "self-consistency", "best-of")
    run = Counter(tmp_path).score(baselines=names, run=thinking)
    told = {sentence.split(",")[0]: sentence for sentence in run.finished.evidence}
    assert told["few-shot"].startswith("few-shot, 1 call a case: 100 %")
    assert "self-consistency, 8 calls a case" in told["self-consistency"]
    assert len(run.provider.programs) == 30 + 18 * (1 + 1 + 8 + 9)
    shots = next(p for p in run.provider.programs if "solved cases" in p)
    assert shots.count("Answer: ") == 8 + shots.count("Answer: ...")


def test_an_unknown_baseline_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no baseline named vote"):
        Counter(tmp_path).score(baselines=("vote",))


def test_a_model_that_judges_is_held_against_a_persons_verdicts(tmp_path: Path) -> None:
    def judging(prompt: str, number: int) -> str:
        if "<VERDICT" not in prompt:
            return program(prompt)
        suffix = re.search(r"<VERDICT(\w*)>", prompt)[1]
        return f"<VERDICT{suffix}>\n{'right' if 'Billing' in prompt else 'wrong'}\n</VERDICT{suffix}>"

    data = [
        {**row, "recorded": word, "verdict": good}
        for row, word, good in zip(
            rows(6),
            ["Billing", "Technical", "Technical", "Billing", "BIL", "TEC"],
            [True, True, False, True, False, True],
            strict=True,
        )
    ]
    unlabelled = Counter(tmp_path, rows(6)).score(metric="judge", run=judging)
    assert "how far it is right is not known" in unlabelled.said
    labelled = Counter(tmp_path, data).score(name="2", metric="judge", run=judging)
    assert "The judge agrees with 4 of 6" in labelled.said
    assert unlabelled.of(Forecast)[0].calls == 12
    assert labelled.of(Forecast)[0].calls == sum(u.calls for u in labelled.finished.usage.values()) == 18
    with pytest.raises(BadRequest) as capped:
        Counter(tmp_path, data).score(name="3", metric="judge", run=judging, max_calls=17)
    assert "at least 18 calls" in capped.value.hint
    assert "rejects 2 of 4" in labelled.said
    assert labelled.finished.usage["optimizer"].calls > 0


def test_fields_that_no_request_has_are_named(tmp_path: Path) -> None:
    data = [{"question": "What is 2 + 2?", "language": "en", "solution": "It is 4", "expected": "4"}] * 1
    counter = Counter(tmp_path, data)
    counter.path.write_text("Answer with a number.\n")
    run = counter.score(run=lambda prompt, n: "4")
    assert any("language, solution is not" in e.message for e in run.events if e.type == "notice")
    assert run.provider.programs == ["Answer with a number.\n\nWhat is 2 + 2?"]


def test_what_is_odd_about_a_prompt_is_said_without_a_model(tmp_path: Path) -> None:
    twice = "Answer with one of the three codes that the shop has for its queues."
    counter = Counter(tmp_path, [{**row, "recorded": "BIL"} for row in rows(9)])
    counter.path.write_text(f"Which queue gets this ticket? {{{{ticket}}}}\n\n{twice}\n\n{twice}\n")
    run = counter.score(model=False)
    (odd,) = [e.message for e in run.events if e.type == "notice"]
    assert odd.startswith(f"{counter.path}:5: ")
    assert run.finished.score.n == 9
