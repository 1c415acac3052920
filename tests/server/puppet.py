"""The test's end of a fake engine: tells events, as a run would, and reads what the server sends."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from secant.config import EvalRequest, PromptRequest, RefineRequest, SolveRequest
from secant.events import (
    Alternative,
    Baseline,
    Confirmed,
    Evaluated,
    Event,
    Failed,
    Finished,
    Improved,
    Progress,
    RunStarted,
    Score,
    Survived,
    TargetFound,
    TestCount,
    dump,
)
from secant.journal import Journal, Recorder, RunStore, new_run_id
from secant.promptfiles.subject import PromptSubject, find_prompt
from secant.solutions.paper import find_paper
from secant.types import Artifact, CaseResult, Evaluation, Part, SpeedUp
from secant.types import Proposal as Candidate
from secant_server.outline import outline
from secant_server.text import excerpt

SCRIPT = Path(__file__).with_name("fake_engine.py")
PASSED = TestCount(passed=14, total=14)
_KINDS = {"solve": "solution", "refine": "prompt", "eval": "evaluation"}
_PROMPTS: dict[str, type[PromptRequest]] = {"prompt": RefineRequest, "evaluation": EvalRequest}


class Engines:
    """Where fake engines report, in the order in which they were started."""

    def __init__(self) -> None:
        self._name = f"secant-test-{os.getpid()}-{id(self)}"
        self._started: asyncio.Queue[Puppet] = asyncio.Queue()
        self._server: asyncio.Server | None = None

    @property
    def command(self) -> Sequence[str]:
        return (sys.executable, "-I", "-S", str(SCRIPT), self._name)

    async def open(self) -> None:
        self._server = await asyncio.start_unix_server(self._came, "\0" + self._name, limit=1 << 24)

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()

    async def next(self) -> Puppet:
        """The next one that was started, once it has its order."""
        async with asyncio.timeout(20):
            return await self._started.get()

    @property
    def none(self) -> bool:
        return self._started.empty()

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        order = await reader.readline()
        if order:
            await self._started.put(Puppet(reader, writer, json.loads(order)))


class Puppet:
    """One fake engine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, order: dict[str, Any]) -> None:
        self._reader = reader
        self._writer = writer
        self.order = order
        ((asked, self.request),) = order.items()
        self.kind = _KINDS.get(asked, "function")
        self.run = order["resume"]["run"] if "resume" in order else new_run_id()
        self._recorder = Recorder(self.run, None, [self._tell])
        self.text = ""

    async def heard(self) -> dict[str, Any] | None:
        """The next line that the server sends; None when the engine has gone."""
        try:
            async with asyncio.timeout(20):
                line = await self._reader.readline()
        except ConnectionResetError:  # killed with something still to be read
            return None
        return json.loads(line) if line else None

    def line(self, text: str) -> None:
        """Write a line to its stdout, or have it do something."""
        if text.startswith(("!exit", "!crash")):
            self._recorder.close()  # an engine that has gone holds its journal no longer
        self._writer.write(text.encode() + b"\n")

    def tell(self, *events: Event) -> None:
        for event in events:
            self._recorder.record(event)

    def begin(self, *, journaled: bool = True, goal: Literal["fix", "faster"] = "faster") -> None:
        """All that a run tells before it searches: it has found the function that it was asked for."""
        root = Path(self.request["folder"])
        self._recorder = Recorder(self.run, self._journal(root) if journaled else None, [self._tell])
        found = self._found()
        self.text = found.text
        self.tell(
            RunStarted(kind=self.kind, target=self.request["target"], request=self.request),
            found,
            Baseline(goal=goal, passed=14, total=14),
        )

    def progress(self, evaluations: int = 1, **more: Any) -> None:
        self.tell(Progress(phase="screen", evaluations=evaluations, **more))

    def survive(self, source: str) -> None:
        """Find a better text, which nobody has confirmed yet."""
        artifact = Artifact(parts=(Part(name="function", text=source),))
        proposal = Candidate(artifact=artifact).model_dump(mode="json")
        self.tell(Survived(step=1, proposal=proposal), Improved(step=1, artifact=artifact.id, passed=14, total=14))

    def improved(self, source: str, *alternatives: str) -> None:
        """End with a result."""
        self.finish(
            outcome="improved",
            source=source,
            diff="--- a\n+++ b\n",
            speedup=SpeedUp(ratio=2.3, low=2.2, high=2.4, verdict="faster"),
            evidence=("14 of 14 tests pass.",),
            alternatives=tuple(Alternative(artifact="", source=s, diff="", tests=PASSED) for s in alternatives),
        )

    def refined(self, solution: str) -> None:
        """End with a solution in which the critique finds nothing."""
        critique = TestCount(passed=1, total=1)
        self.tell(Finished(outcome="improved", goal="solve it", tests=critique, source=solution, rationale="repaired"))
        self.line("!exit 0")

    def subject(self) -> PromptSubject:
        """What a run on a prompt is about, as the engine finds it."""
        return find_prompt(_PROMPTS[self.kind].model_validate(self.request))

    def judged(self, *failing: str) -> float:
        """Tell all cases and how the prompt does on them, as an engine does before it searches; its score."""
        cases = self.subject().cases()
        evaluation = _evaluation("seed", [test.id for test in cases.tests], failing)
        self.tell(cases, Evaluated(step=0, artifact="seed", stage="baseline", **_counts(evaluation)))
        return evaluation.mean

    def scored(self, *failing: str) -> None:
        """End an evaluation."""
        share, n = self.judged(*failing), len(self.subject().data.rows)
        tests = TestCount(passed=n - len(failing), total=n)
        score = Score(metric="exact", split="select", n=n, before=share, verdict="measured")
        self.tell(Finished(outcome="scored", goal="score it", tests=tests, score=score))
        self.line("!exit 0")

    def unimproved(self, n: int) -> None:
        """End a search among so many cases, all of which the prompt fails, without anything better."""
        cases = self.subject().cases()
        evaluation = _evaluation("seed", [test.id for test in cases.tests][:n], [test.id for test in cases.tests])
        score = Score(metric="exact", split="select", n=n, before=0.0, verdict="measured")
        self.tell(
            cases,
            Evaluated(step=0, artifact="seed", stage="baseline", **_counts(evaluation)),
            Finished(outcome="unchanged", goal="raise it", tests=TestCount(passed=0, total=n), score=score),
        )
        self.line("!exit 0")

    def rewritten(self, source: str, score: Score, *failing: str) -> None:
        """End with better lines of a prompt file, which still fail some cases."""
        evaluation = _evaluation("winner", [test.id for test in self.subject().cases().tests], failing)
        tests = TestCount(passed=evaluation.passed, total=evaluation.n)
        self.tell(
            Confirmed(artifact="winner", ok=True, passed=tests.passed, total=tests.total, evaluation=evaluation),
            Finished(
                outcome="improved",
                goal="raise it",
                tests=tests,
                artifact="winner",
                source=source,
                score=score,
                evidence=(f"{score.verdict}.",),
            ),
        )
        self.line("!exit 0")

    def finish(self, outcome: Literal["improved", "unchanged", "stopped"] = "unchanged", **more: Any) -> None:
        self.tell(Finished(outcome=outcome, goal="faster", tests=PASSED, **more))
        self.line("!exit 0")

    def fail(self, message: str, hint: str = "", where: str = "") -> None:
        self.tell(Failed(message=message, hint=hint, where=where))
        self.line("!exit 2")

    def ask(self, identity: str, text: str = "say something", **more: Any) -> None:
        """Ask the editor's model, as a run's engine does."""
        question: dict[str, Any] = {
            "messages": [{"role": "user", "content": text}],
            "parameters": {},
            "maxTokens": 100,
            **more,
        }
        self.line(json.dumps({"complete": {"id": identity, "model": "copilot/gpt-4o", **question}}))

    def withdraw(self, identity: str) -> None:
        self.line(json.dumps({"withdraw": {"id": identity}}))

    def _tell(self, event: Event, /) -> None:
        self._writer.write(dump(event).encode() + b"\n")

    def _journal(self, root: Path) -> Journal:
        return RunStore(root).create(self.run)

    def _found(self) -> TargetFound:
        """What was asked for, as the engine would find it: in the buffer where there is one."""
        if self.kind == "solution":
            return find_paper(SolveRequest.model_validate(self.request)).found()
        if self.kind in _PROMPTS:
            return self.subject().found()
        path, _, name = self.request["target"].partition("::")
        text = self.request["buffers"].get(path)
        text = Path(path).read_bytes().decode() if text is None else text
        span = outline(text).named(name)[-1].span
        first, last = span.start + 1, span.start + 2
        return TargetFound(path=path, name=name, first_line=first, last_line=last, digest="", text=excerpt(text, span))


def _evaluation(artifact: str, cases: Sequence[str], failing: Sequence[str]) -> Evaluation:
    results = (
        CaseResult(case_id=case, score=0.0, feedback=f"case {case} says otherwise")
        if case in failing
        else CaseResult(case_id=case, score=1.0)
        for case in cases
    )
    return Evaluation(artifact_id=artifact, stage="baseline", results=tuple(results))


def _counts(evaluation: Evaluation) -> dict[str, Any]:
    """What an event says of an evaluation."""
    return {"passed": evaluation.passed, "total": evaluation.n, "mean": evaluation.mean, "evaluation": evaluation}
