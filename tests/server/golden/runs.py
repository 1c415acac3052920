"""The events of made-up runs, small enough to be read: what the tests of reports are made of."""

from __future__ import annotations

from collections.abc import Sequence

from secant.events import (
    Alternative,
    Baseline,
    Confirmed,
    Evaluated,
    Event,
    Failed,
    Finished,
    FoundTest,
    Improved,
    Notice,
    Proposed,
    ProposedItem,
    RunStarted,
    Survived,
    TargetFound,
    TestCount,
    TestsFound,
    Updated,
)
from secant.types import Artifact, CaseResult, Evaluation, Part, Proposal, SpeedUp, Usage

RUN = "20260131-142533120-9f3a"
BEGIN = 1769869533.0
FASTER = SpeedUp(ratio=2.34, low=2.1, high=2.6, verdict="faster", processes=3, pairs=34, noise=0.02)
STARTED = RunStarted(
    target="src/shop.py::_total_",
    optimizer="rewrite",
    seed=3,
    request={"folder": "/project", "goal": "auto", "max_seconds": 60.0, "max_evaluations": None},
)
FOUND = TargetFound(
    path="/project/src/shop.py",
    name="_total_",
    first_line=5,
    last_line=9,
    digest="0",
    text="def _total_():\n    return x\n",
)
TESTS = TestsFound(
    tests=tuple(FoundTest(id=f"tests/test_shop.py::test_{n}", why="imports shop and names _total_") for n in range(3)),
    left_out=(FoundTest(id="tests/test_shop.py::test_a|b[<x>]", why="flaky: passed in 2 of 3 runs"),),
)


def artifact(text: str) -> Artifact:
    """`text` is the body of the function in one word."""
    return Artifact(parts=(Part(name="_total_", text=f"def _total_():\n    return {text}\n"),))


def stamped(*events: Event) -> list[Event]:
    """Numbered, half a second apart."""
    return [e.model_copy(update={"seq": n, "time": BEGIN + n / 2, "run": RUN}) for n, e in enumerate(events)]


def baseline(goal: str, passed: int) -> Baseline:
    failed = tuple(test.id for test in TESTS.tests[passed:])
    return Baseline(
        goal=goal, passed=passed, total=3, failed=failed, path="swap", isolation="bubblewrap, network private"
    )


def proposed(step: int, *candidates: tuple[str, str]) -> Proposed:
    """Candidates as (text, rationale)."""
    return Proposed(step=step, items=tuple(ProposedItem(id=artifact(t).id, rationale=why) for t, why in candidates))


def evaluated(
    text: str, stage: str, passed: int, *, total: int = 3, speed: SpeedUp | None = None, note: str = ""
) -> Evaluated:
    identity = artifact(text).id
    result = CaseResult(case_id=stage, score=float(passed == total))
    evaluation = Evaluation(artifact_id=identity, stage=stage, results=(result,), speed=speed, note=note)
    return Evaluated(
        step=1,
        artifact=identity,
        stage=stage,
        passed=passed,
        total=total,
        complete=stage != "screen",
        evaluation=evaluation if passed == total or note else None,
    )


def survived(text: str, rationale: str) -> Survived:
    return Survived(step=1, proposal=Proposal(artifact=artifact(text), rationale=rationale).model_dump())


def improved(text: str, rationale: str, passed: int = 3, speedup: SpeedUp | None = None) -> Improved:
    return Improved(step=1, artifact=artifact(text).id, passed=passed, total=3, rationale=rationale, speedup=speedup)


def repair() -> Sequence[Event]:
    """Two candidates fail, one is the repair."""
    return stamped(
        STARTED,
        FOUND,
        TESTS,
        baseline("fix", 1),
        Updated(step=0, state={}),
        proposed(1, ("a", "`<` becomes `<=`"), ("b", "`a|b` becomes `a`"), ("c", "`x` becomes `y`")),
        evaluated("a", "screen", 0),
        evaluated("b", "screen", 2),
        evaluated("c", "screen", 3),
        evaluated("c", "tests", 3),
        survived("c", "`x` becomes `y`"),
        improved("c", "`x` becomes `y`"),
        Confirmed(artifact=artifact("c").id, ok=True, passed=3, total=3),
        Finished(
            outcome="improved",
            goal="fix",
            tests=TestCount(passed=3, total=3),
            artifact=artifact("c").id,
            rationale="`x` becomes `y`",
            diff="--- a/src/shop.py\n+++ b/src/shop.py\n@@ -5,2 +5,2 @@\n def f():\n-    return x\n+    return y\n",
            source="def _total_():\n    return y\n",
            evidence=("3 of 3 tests pass, confirmed by a cold pytest run on a copy; before, 1 passed.",),
            evaluations=4,
            seconds=6.5,
        ),
    )


def climb() -> Sequence[Event]:
    """Faster in two steps; one candidate behaves otherwise, one is not faster, one does not hold. With models."""
    slow = SpeedUp(ratio=1.01, low=0.97, high=1.05, verdict="indistinguishable")
    better = FASTER.model_copy(update={"ratio": 1.5})
    end = Finished(
        outcome="improved",
        goal="faster",
        tests=TestCount(passed=3, total=3),
        speedup=FASTER,
        artifact=artifact("e").id,
        rationale="a list becomes a set <br>",
        diff="--- a/src/shop.py\n+++ b/src/shop.py\n@@ -5 +5 @@\n-```\n+<b>\n",
        source="…",
        alternatives=(
            Alternative(
                artifact=artifact("c").id,
                source="…",
                diff="@@ -1 +1 @@\n-a\n+b\n",
                rationale="`x|y` becomes `z`",
                tests=TestCount(passed=3, total=3),
                speedup=better,
                differs=({"call": "f('a|b')", "winner": "`1`", "alternative": "raises\nTypeError"},),
            ),
            Alternative(
                artifact=artifact("d").id, source="…", diff="@@ -1 +1 @@\n-a\n+c\n", tests=TestCount(passed=3, total=3)
            ),
        ),
        evidence=("2.34x faster (99 % interval 2.1 to 2.6) on recorded calls.", "It behaves like *the original*."),
        evaluations=14,
        seconds=75.25,
        usage={"optimizer": Usage(calls=12, prompt_tokens=34567, completion_tokens=890, usd=None)},
        reason="stopped by the user; this is the best so far",
    )
    return stamped(
        STARTED,
        FOUND,
        TESTS,
        baseline("faster", 3),
        Notice(
            level="warning", message="Candidates cannot be shut in <here>.", hint="See what is missing: secant doctor"
        ),
        proposed(1, ("a", "first"), ("b", "second"), ("c", "`x|y` becomes `z`"), ("never", "not reached")),
        evaluated("a", "tests", 3),
        evaluated("a", "behaviour", 0, total=1, note="differs from the original on `f([])`"),
        evaluated("b", "tests", 3),
        evaluated("b", "speed", 1, total=1, speed=slow),
        evaluated("c", "tests", 3),
        evaluated("c", "speed", 1, total=1, speed=better),
        survived("c", "`x|y` becomes `z`"),
        improved("c", "`x|y` becomes `z`", speedup=better),
        proposed(2, ("d", "too good"), ("e", "a list becomes a set <br>")),
        evaluated("d", "tests", 3),
        evaluated("d", "speed", 1, total=1, speed=FASTER.model_copy(update={"ratio": 40.0})),
        survived("d", "too good"),
        evaluated("e", "tests", 3),
        evaluated("e", "speed", 1, total=1, speed=FASTER.model_copy(update={"ratio": 2.5})),
        survived("e", "a list becomes a set <br>"),
        improved("e", "a list becomes a set <br>", speedup=FASTER.model_copy(update={"ratio": 2.5})),
        Confirmed(artifact=artifact("d").id, ok=False, passed=2, total=3, reason="tests/test_shop.py::test_1 fails"),
        Confirmed(artifact=artifact("e").id, ok=True, passed=3, total=3, speedup=FASTER),
        end,
    )


def refused() -> Sequence[Event]:
    """The request could not be carried out."""
    return stamped(
        STARTED,
        Failed(message="no test calls `_total_`", where="/project/src/shop.py:5", hint="Name tests: --tests <path>"),
    )


def barren() -> Sequence[Event]:
    """Nothing better was found."""
    end = Finished(
        outcome="unchanged",
        goal="fix",
        tests=TestCount(passed=1, total=3),
        evaluations=2,
        seconds=4,
        reason="nothing better was found: every candidate was tried",
    )
    return [*repair()[:8], *stamped(end)]
