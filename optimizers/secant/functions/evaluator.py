"""Runs candidate texts of one function: the driver's Evaluator for functions.

Stages: `screen` (the cheapest tests, thousands a minute, turns down only, tells partial repairs), `tests` (all judging
tests, a fork each, to the first failure), `cases` (the same to the end, so that scores and feedback are whole),
`behaviour` (compared with the original on recorded and generated calls), `speed` (a short timing).
`confirm` is a cold pytest on a copy and, for speed, a full timing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from secant.errors import SecantError
from secant.functions.behaviour import Behaviour
from secant.functions.cold import ColdResult, ColdRunner
from secant.functions.examples import Example
from secant.functions.feedback import Feedback
from secant.functions.judge import Judge
from secant.functions.process import WorkerDied
from secant.functions.results import Results
from secant.functions.speed import Speed
from secant.functions.steady import steady
from secant.functions.suite import JudgingTest, Suite
from secant.functions.unit import Unit
from secant.functions.worker.verdicts import FAILED, FUEL, HURT, INVALID
from secant.functions.workers import Workers
from secant.types import Artifact, Case, CaseResult, Evaluation, SpeedUp, Split, Tally

_FIRST_CHUNK, _SCREEN_CHUNK = 4, 256
_CHUNK_SECONDS = 0.5
"""A chunk that took less is followed by a larger one."""
_SCREEN_TESTS = 40
_DEAR_TESTS = 2
"""Tests among them that need pytest around them."""
_ALWAYS = 4
"""Failing tests that every candidate runs, so that a partial repair is seen."""
_SLOW_TEST_SECONDS = 0.1
"""A test this slow is not for screening."""
_LEAST_CONFIRM_SECONDS = 10.0
_EXAMPLES_SECONDS = 5.0
_BASE_FUEL = 3_000
_FUEL_FACTOR = 20
_CERTAIN = frozenset({FAILED, FUEL, INVALID, HURT})
"""The screen's verdicts that turn a text down; with the others it goes on to the next stage."""


class FunctionEvaluator:
    """Judges texts of one located function by one suite."""

    def __init__(
        self,
        seed: Artifact,
        suite: Suite,
        unit: Unit,
        workers: Workers,
        cold: ColdRunner,
        *,
        behaviour: Behaviour | None,
        speed: Speed | None,
        telling_apart: Callable[[], Behaviour | None],
        examples: Sequence[Example] = (),
        file_bytes: Callable[[str], bytes],
        feedback: Feedback | None = None,
    ) -> None:
        """`telling_apart` gives what compares a repair's alternatives with its winner; asked only where there are."""
        self._seed = seed
        self._suite = suite
        self._unit = unit
        self._workers = workers
        self._cold = cold
        self._behaviour = behaviour
        self._speed = speed
        self._telling_apart = telling_apart
        self._examples = [example.model_dump() for example in examples]
        self._agreement: dict[str, float] = {}
        self._file_bytes = file_bytes
        self._results = Results(unit, feedback or Feedback(None, ()))
        self._judge = Judge(suite, unit, workers=workers, cold=cold, file_bytes=file_bytes)
        self._screened = _screening_tests(suite)
        self._chunk_size = _FIRST_CHUNK
        self._passed = tuple(CaseResult(case_id=t.id, score=1.0) for t in self._screened)

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        """In pytest's order, which is the same in a resumed run; the cheapest-first order follows from timings."""
        judging = tuple(Case(id=t.id) for t in self._suite.tests)
        return {"select": judging, "report": judging}

    def baseline(self) -> Evaluation:
        results = tuple(self._results.of_original(self._seed.text, t) for t in self._suite.tests)
        path = self._suite.path + (f": {self._suite.path_reason}" if self._suite.path_reason else "")
        return Evaluation(artifact_id=self._seed.id, stage="tests", results=results, note=path)

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        match stage:
            case "screen":
                yield from self._screen(artifacts)
            case "behaviour" if self._behaviour is not None:
                yield from (self._refused(artifact, stage) or self._compared(artifact) for artifact in artifacts)
            case "speed" if self._speed is not None:
                yield from (self._refused(artifact, stage) or self._timed(artifact) for artifact in artifacts)
            case "tests" | "cases":
                yield from self._tests(artifacts, case_ids, stop=stage == "tests")
            case _:
                raise ValueError(f"a function has no stage {stage!r}")

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        """A cold pytest on a copy; then, where speed is the goal, the full timing.

        A repair that behaves like the winner is turned down unrun: it is no alternative.
        """
        try:
            data = self._file_bytes(artifact.text)
        except SecantError as error:
            return _rejected(artifact, f"cannot stand in the file: {error.message}")
        if self._speed is None and winner is not None and self._like_winner(winner, artifact):
            return _rejected(artifact, "behaves like the winner on every call that was compared")
        limit = max(_LEAST_CONFIRM_SECONDS, 20 * max((t.seconds for t in self._suite.tests), default=0.0))
        tests = [t.id for t in self._suite.tests]
        onlookers = [t.id for t in self._suite.onlookers]
        run = self._cold.run(data, [*tests, *onlookers], limit)
        results = tuple(self._results.one(artifact.text, t, run.results.get(t), "not run") for t in tests)
        passed = all(r.score >= 1 for r in results)
        speed: SpeedUp | None = None
        note = "; ".join([*run.errors, *_disturbed(self._suite, run)])
        if not note and passed and self._speed is not None:
            speed = self._speed.full(self._text(artifact))
            note = _shortfall(speed)
        return Evaluation(
            artifact_id=artifact.id,
            stage="confirm",
            split="report",
            results=results,
            speed=speed,
            note=note,
            rejected=bool(note),
            agreement=self._agreement.get(artifact.id),
        )

    def _like_winner(self, winner: Artifact, artifact: Artifact) -> bool:
        behaviour = self._telling_apart()
        return behaviour is not None and not behaviour.between(self._text(winner), self._text(artifact)).difference

    # Screening

    def _screen(self, artifacts: Sequence[Artifact]) -> Iterator[Evaluation]:
        """Cheap verdicts; a text that the screen cannot judge goes on to the next stage."""
        if self._suite.path != "swap" or not self._screened:
            yield from map(self._unscreened, artifacts)
            return
        start = 0
        while start < len(artifacts):
            size = self._chunk_size
            yield from self._chunk(artifacts[start : start + size])
            start += size

    def _chunk(self, artifacts: Sequence[Artifact]) -> Iterator[Evaluation]:
        began = time.monotonic()
        try:
            answer = self._verdicts(artifacts)
            self._resize_chunks(time.monotonic() - began)
        except WorkerDied:  # one of them may have killed it; a fork of its own for each will tell which
            yield from map(self._unscreened, artifacts)
            return
        for artifact, verdict, passed in zip(artifacts, answer["verdicts"], answer["passed"], strict=True):
            if verdict in _CERTAIN:
                yield self._turned_down(artifact, passed)
            else:
                yield Evaluation(artifact_id=artifact.id, stage="screen", results=self._passed)

    def _resize_chunks(self, seconds: float) -> None:
        """Where candidates are cheap a child is better used on many of them; where they are dear, time runs out between
        two chunks. Verdicts do not depend on it.
        """
        factor = 4.0 if seconds < _CHUNK_SECONDS else 0.25
        self._chunk_size = max(1, min(int(self._chunk_size * factor), _SCREEN_CHUNK))

    def _verdicts(self, artifacts: Sequence[Artifact]) -> Mapping[str, Any]:
        limit = _BASE_FUEL + _FUEL_FACTOR * self._suite.most_ticks
        asked = [{"id": t.id, "fuel": limit, "passes": t.passes, "dies": t.outcome == "crash"} for t in self._screened]
        texts = ["" if self._unit.refusal(a.text) else self._text(a) for a in artifacts]
        always = min(_ALWAYS, sum(t.plain and not t.passes for t in self._screened))
        stall = 0.4 + 10 * sum(t.seconds for t in self._screened if t.outcome != "timeout")
        return self._workers.screen(texts, asked, always=always, stall=stall)

    def _unscreened(self, artifact: Artifact) -> Evaluation:
        results = tuple(CaseResult(case_id=t.id, score=1.0, feedback="not screened") for t in self._suite.tests[:1])
        return Evaluation(artifact_id=artifact.id, stage="screen", results=results)

    def _turned_down(self, artifact: Artifact, passed: int) -> Evaluation:
        """Failing tests come first, so what passed was repaired; without one among them nothing can have been."""
        total = len(self._screened)
        repaired = 0 if self._screened[0].passes else passed
        tally = Tally(passed=repaired, total=total, mean=repaired / total)
        return Evaluation(artifact_id=artifact.id, stage="screen", tally=tally, complete=False)

    # Tests

    def _tests(self, artifacts: Sequence[Artifact], case_ids: Sequence[str], *, stop: bool) -> Iterator[Evaluation]:
        wanted = set(case_ids)
        order = [t.id for t in self._suite.in_order if t.id in wanted]
        stage = "tests" if stop else "cases"
        for artifact in artifacts:
            evaluation = self._results.evaluation(
                artifact, stage, case_ids, self._judge.run(artifact.text, order, stop=stop)
            )
            yield self._agreeing(artifact, evaluation) if evaluation.all_passed and self._examples else evaluation

    def _agreeing(self, artifact: Artifact, evaluation: Evaluation) -> Evaluation:
        """The evaluation with the share of the docstring's examples that hold, for texts that pass all tests."""
        try:
            (satisfied,) = self._workers.examples([self._text(artifact)], self._examples, seconds=_EXAMPLES_SECONDS)
        except WorkerDied:  # what the tests said is worth more than the examples
            return evaluation
        agreement = self._agreement[artifact.id] = satisfied / len(self._examples)
        return evaluation.model_copy(update={"agreement": agreement})

    # Beyond the tests

    def _compared(self, artifact: Artifact) -> Evaluation:
        assert self._behaviour is not None
        found = self._behaviour.against_original(self._text(artifact))
        score = 0.0 if found.difference else 1.0
        result = CaseResult(case_id="behaviour", score=score, feedback=steady(found.difference))
        return Evaluation(
            artifact_id=artifact.id, stage="behaviour", results=(result,), note=found.difference, rejected=score < 1
        )

    def _timed(self, artifact: Artifact) -> Evaluation:
        assert self._speed is not None
        speed = self._speed.quick(self._text(artifact))
        faster = speed.verdict == "faster"
        result = CaseResult(case_id="speed", score=1.0 if faster else 0.0)
        return Evaluation(artifact_id=artifact.id, stage="speed", results=(result,), speed=speed, rejected=not faster)

    def _refused(self, artifact: Artifact, stage: str) -> Evaluation | None:
        """For a text that cannot stand in the file; None for others."""
        why = self._unit.refusal(artifact.text)
        return _rejected(artifact, f"cannot stand in the file: {why}", stage) if why else None

    def _text(self, artifact: Artifact) -> str:
        return self._unit.with_target(artifact.text)


def _screening_tests(suite: Suite) -> tuple[JudgingTest, ...]:
    """Failing tests first; slow ones, deadly ones and ones that build on each other are left to the next stage."""
    if not suite.any_order:
        return ()
    quick = [t for t in suite.in_order if t.outcome == "timeout" or t.seconds <= _SLOW_TEST_SECONDS]
    quick = [t for t in quick if t.outcome != "crash"]  # the original itself would end the process, as its own canary
    quick.sort(key=lambda t: (t.passes, not t.plain))
    dear = [t.id for t in quick if not t.plain][_DEAR_TESTS:]
    chosen = [t for t in quick if t.id not in dear]
    failing = [t for t in chosen if not t.passes][: _SCREEN_TESTS // 2]
    return tuple(failing + [t for t in chosen if t.passes][: _SCREEN_TESTS - len(failing)])


def _disturbed(suite: Suite, run: ColdResult) -> Iterator[str]:
    """The onlookers that a candidate broke, in words."""
    for test in suite.onlookers:
        if not run.passed(test.id) and run.results.get(test.id, {}).get("outcome") != test.outcome:
            yield f"{test.id}, which does not call the function, was {test.outcome} and is not any more"


def _rejected(artifact: Artifact, note: str, stage: str = "confirm") -> Evaluation:
    split = "report" if stage == "confirm" else "select"
    return Evaluation(artifact_id=artifact.id, stage=stage, split=split, note=note, rejected=True)


def _shortfall(speed: SpeedUp) -> str:
    """Why a full timing does not hold; empty where it does."""
    if speed.verdict == "faster":
        return ""
    return "it is slower" if speed.verdict == "slower" else "the speed-up is indistinguishable from noise"
