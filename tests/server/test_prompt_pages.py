"""The page of a run on a prompt: the score before and after, its cases by their rows, the trajectory in per cent."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from secant.config import EvalRequest
from secant.errors import BadRequest
from secant.events import (
    Baseline,
    Evaluated,
    Event,
    Finished,
    FoundTest,
    Improved,
    RunStarted,
    Score,
    Survived,
    TargetFound,
    TestCount,
    TestsFound,
)
from secant.promptfiles.subject import find_prompt
from secant.types import Artifact, CaseResult, Evaluation, Part, Proposal, Usage
from secant_server.chronicle import Chronicle
from secant_server.plots import describe, plot
from secant_server.reports import report
from secant_server.sentences import NOISE, SEEN, TOO_FEW, caveat, hint, percent
from tests.server.golden.runs import stamped

CASES = TestsFound(
    tests=tuple(FoundTest(id=str(n), why="", place=f"/project/da ta/sort.eval.jsonl:{n}") for n in range(1, 7)),
    searched=("/project/da ta/sort.eval.jsonl",),
)
SCORE = Score(
    metric="exact", n=24, before=0.5, before_low=0.31, before_high=0.69, after=0.75, after_low=0.55, after_high=0.88,
    low=-0.05, high=0.5, p_value=0.11, fixed=("5", "6"), broken=("4",), words_before=12, words_after=30,
    tokens_before=20, tokens_after=1044, verdict="+25 points: not distinguishable from noise at n = 24",
)  # fmt: skip


def evaluation(artifact: str, *scores: float) -> Evaluation:
    results = (CaseResult(case_id=str(n), score=s, feedback=f"no | {n}" * (s < 1)) for n, s in enumerate(scores, 1))
    return Evaluation(artifact_id=artifact, stage="cases", results=tuple(results))


def evaluated(step: int, artifact: str, stage: str, *scores: float) -> Evaluated:
    found = evaluation(artifact, *scores)
    return Evaluated(
        step=step,
        artifact=artifact,
        stage=stage,
        passed=found.passed,
        total=found.n,
        mean=found.mean,
        evaluation=found,
    )


def begun(kind: str) -> list[Event]:
    text = "Sort this.\n"
    return [
        RunStarted(kind=kind, target="sort.prompt.md", optimizer="gpo", request={"folder": "/project"}),
        TargetFound(
            path="/project/sort.prompt.md", name="sort.prompt.md", first_line=4, last_line=4, digest="", text=text
        ),
        CASES,
        evaluated(0, "seed", "baseline", 1.0, 0.0, 0.5),
        Baseline(goal="raise it", passed=1, total=3, failed=("2", "3")),
    ]


def refined() -> list[Event]:
    artifact = Artifact(kind="prompt", parts=(Part(name="prompt", text="Sort it well."),))
    return stamped(
        *begun("prompt"),
        evaluated(1, artifact.id, "cases", 1.0, 1.0, 0.25),
        Survived(step=1, proposal=Proposal(artifact=artifact).model_dump(mode="json")),
        Improved(step=1, artifact=artifact.id, passed=2, total=3, rationale="says more"),
        Finished(
            outcome="improved",
            goal="raise it",
            tests=TestCount(passed=18, total=24),
            artifact=artifact.id,
            rationale="says more",
            score=SCORE,
            evidence=(f"{SCORE.verdict}.",),
            usage={"optimizer": Usage(calls=3, usd=0.5)},
        ),
    )


def test_before_and_after_with_intervals_and_what_a_point_costs() -> None:
    page = report(refined())
    assert "**50 % → 75 % on 24 cases: says more.**" in page
    assert "| score | 50 % (31 to 69 %) | 75 % (55 to 88 %) | +25 points (−5 to +50) |" in page
    assert "| words | 12 | 30 | +18 |\n| tokens, about | 20 | 1,044 | +1,024 |" in page
    assert "- +25 points: not distinguishable from noise at n = 24." in page.replace("\\", "")
    assert "It cost $0.5000: $0.0200 for each percentage point." in page


def test_cases_lead_to_their_rows_where_the_editor_reaches_them() -> None:
    page = report(refined(), base=PurePath("/project"))
    assert "Fixed: [`5`](/da%20ta/sort.eval.jsonl#L5), [`6`](/da%20ta/sort.eval.jsonl#L6). Broken: [`4`](" in page
    assert "| [`2`](/da%20ta/sort.eval.jsonl#L2) | no \\| 2 |" in page
    for base in (None, PurePath("/elsewhere")):
        assert "Fixed: `5`, `6`. Broken: `4`." in report(refined(), base=base)


def test_what_was_not_run_before_is_not_said_to_have_passed() -> None:
    page = report(refined())
    every = page[page.index("Every case") :]
    assert [line.split("|")[2].strip() for line in every.splitlines() if line.startswith("| `")] == [
        "passed", "failed", "failed", "not run", "not run", "not run",
    ]  # fmt: skip
    assert "- 6 of `sort.eval.jsonl`: rows of the data" in page


def test_the_trajectory_is_in_per_cent() -> None:
    trajectory = Chronicle(refined()).trajectory()
    assert trajectory is not None
    assert (trajectory.measure, trajectory.original, trajectory.most) == ("score", 0.5, 1.0)
    assert [point.value for point in trajectory.best] == [0.75]
    assert describe(trajectory) == "Best so far (score) over 1 candidate: from 50 % to 75 % after 1"
    picture = plot(trajectory)
    assert ">100 %<" in picture and ">75 %<" in picture and ">score<" in picture


def test_an_evaluation_says_its_score_and_what_fails() -> None:
    score = Score(metric="exact", split="select", n=3, before=0.5, verdict="50 % on 3 cases; that says little")
    end = Finished(outcome="scored", goal="score it", tests=TestCount(passed=1, total=3), score=score)
    page = report(stamped(*begun("evaluation"), end))
    assert "**50 % on 3 cases.**" in page
    assert "50 % on 3 cases; that says little." in page
    assert "## Failing cases" in page
    assert "difference" not in page


def test_a_run_cut_off_anywhere_has_a_page() -> None:
    for length in range(len(refined())):
        assert report(refined()[:length]).startswith("# ")


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0 %"), (0.004, "0.4 %"), (0.724, "72 %"), (0.996, "99.6 %"), (1.0, "100 %")]
)
def test_all_is_said_of_all_alone(share: float, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"claimed": True, "p_value": 0.01}, ""),
        ({"after": None}, ""),
        ({"p_value": 0.11}, NOISE),
        ({"p_value": 0.03, "n": 6}, TOO_FEW),
        ({"split": "select", "p_value": 0.01}, SEEN),
    ],
)
def test_a_difference_that_is_not_claimed_says_why(told: dict[str, object], words: str) -> None:
    assert caveat(SCORE.model_copy(update=told)) == words


def test_advice_is_given_in_terms_of_an_editor(tmp_path: Path) -> None:
    (tmp_path / "AGENTS.md").write_text("Be brief.\n")
    with pytest.raises(BadRequest) as caught:
        find_prompt(EvalRequest(target="AGENTS.md", folder=tmp_path))
    said = [
        caught.value.hint,
        "If the answers look right, the metric may not fit: name another (--metric).",
        "It needs at least 12 calls: --max-calls.",
        "For example: --metric numeric:0.01.",
        "Give the cases what it compares with, or name another --metric.",
        "Name one: --model openai/gpt-4o-mini, and perhaps --optimizer-model.",
    ]
    here = [hint(each) for each in said]
    assert not [each for each in here if "--" in each]
    assert here[0].startswith("Put a file with them beside it (<name>.eval.jsonl")
    assert here[1].endswith("name another in the setting secant.promptMetric.")
