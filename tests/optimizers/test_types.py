"""The values: identity, evaluation arithmetic, what is left of a turned down evaluation."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from secant.types import Artifact, CaseResult, Evaluation, Part, Usage


def evaluation(*scores: float, **fields: object) -> Evaluation:
    results = tuple(CaseResult(case_id=str(n), score=s) for n, s in enumerate(scores))
    return Evaluation(artifact_id="a", stage="tests", results=results, **fields)


def test_an_artifact_is_its_names_and_texts() -> None:
    one = Artifact(parts=(Part(name="f", text="x"),))
    assert one.id == Artifact(kind="prompt", parts=(Part(name="f", text="x", role="other"),)).id
    assert one.id != Artifact(parts=(Part(name="g", text="x"),)).id
    assert one.id != one.with_text("y").id
    assert len(one.id) == 16


def test_identity_does_not_depend_on_the_hash_seed() -> None:
    code = "from secant.types import *; print(Artifact(parts=(Part(name='f', text='é'),)).id)"
    ids = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(ids) == 1


@given(st.text())
def test_every_text_has_an_identity_lone_surrogates_too(text: str) -> None:
    assert Artifact(parts=(Part(name="f", text=text + "\ud800"),)).id


def test_one_part_is_replaced_and_the_others_stay() -> None:
    program = Artifact(kind="program", parts=(Part(name="a", text="1"), Part(name="b", text="2", must_keep=("2",))))
    changed = program.with_text("3", "b")
    assert [p.text for p in changed.parts] == ["1", "3"]
    assert (changed.kind, changed.parts[1].must_keep) == ("program", ("2",))
    with pytest.raises(ValueError, match="2 parts"):
        _ = program.text


def test_values_are_frozen_and_strict() -> None:
    with pytest.raises(ValidationError):
        Usage(calls=1).calls = 2
    with pytest.raises(ValidationError):
        Usage(dollars=1)


def test_an_unknown_price_makes_the_sum_unknown() -> None:
    total = Usage(calls=1, usd=0.5) + Usage(calls=2, usd=None)
    assert (total.calls, total.usd) == (3, None)


def test_mean_passed_and_standard_error() -> None:
    some = evaluation(1, 0, 0.5, 0.5)
    assert (some.n, some.mean, some.passed) == (4, 0.5, 1)
    assert some.stderr == pytest.approx((0.5 / 3 / 4) ** 0.5)
    assert evaluation().mean == evaluation(1).stderr == 0


def test_all_passed_wants_complete_accepted_and_something() -> None:
    assert evaluation(1, 1).all_passed
    assert not evaluation(1, 1, complete=False).all_passed
    assert not evaluation(1, 1, rejected=True).all_passed
    assert not evaluation().all_passed


def test_a_brief_keeps_the_figures_and_drops_the_rest() -> None:
    whole = evaluation(1, 0.5, 0, split="fit", complete=False, rejected=True, note="differs")
    brief = whole.brief()
    assert (brief.n, brief.mean, brief.passed) == (whole.n, whole.mean, whole.passed)
    assert (brief.split, brief.complete, brief.rejected) == ("fit", False, True)
    assert brief.results == ()
    assert brief.brief() == brief
    assert Evaluation.model_validate_json(brief.model_dump_json()) == brief


def test_a_copy_with_other_results_has_its_own_figures() -> None:
    whole = evaluation(1, 1, 0, 0)
    assert (whole.mean, whole.passed, whole.stderr > 0) == (0.5, 2, True)
    part = whole.model_copy(update={"results": whole.results[:2]})
    assert (part.mean, part.passed, part.stderr) == (1.0, 2, 0.0)
