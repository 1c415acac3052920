"""Checks: evidence about a solution that anybody can see, each run in a confined process that nothing leaves.

A Python function of the user's (`--check file.py::function`), the solution's own code, which must run to its end
(`--run-code`), and a pattern (`--must-match`). The worker of `functions/` runs them, in its mode `check`; nothing of a
solution is ever executed or matched in this process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from secant.config import SolveRequest
from secant.functions.buffers import Buffers
from secant.functions.launching import Launcher
from secant.functions.named import named_function
from secant.functions.process import WorkerDied, WorkerProcess
from secant.solutions.matching import given_up, require_expression
from secant.solutions.outline import outline
from secant.types import CaseResult, ErrorKind, Frozen

_START_SECONDS = 30.0
_SLACK_SECONDS = 10.0
_PYTHON = frozenset({"python", "python3", "py"})
_ERRORS: Mapping[str, ErrorKind] = {"crash": "crash", "check": "crash"}


class Check(Frozen):
    """One check. `what` says in words what it asks of a solution."""

    id: str
    kind: Literal["function", "program", "pattern"]
    what: str
    path: str = ""
    source: str = ""
    function: str = ""
    expression: str = ""


class Subject(Frozen):
    """What is judged: a solution of a problem, with the answer that was found in it."""

    problem: str
    solution: str
    answer: str | None


def requested_checks(request: SolveRequest) -> tuple[Check, ...]:
    """The checks that a request names. Raises BadRequest and UnreadableFile; runs nothing."""
    checks = [
        *(_function(request.folder, Buffers(request.buffers), text) for text in request.checks),
        *([Check(id="run-code", kind="program", what="its Python code runs to its end")] if request.run_code else []),
        *(_pattern(expression) for expression in request.must_match),
    ]
    return tuple({check.id: check for check in checks}.values())


class Bench:
    """Runs the checks of one run. The worker is started when it is first needed and replaced when it dies."""

    def __init__(
        self,
        checks: Sequence[Check],
        launcher: Launcher,
        folder: Path,
        *,
        seconds: float,
        check_cancelled: Callable[[], None] = lambda: None,
    ) -> None:
        """`folder` is where checks run, `seconds` what one may take."""
        self.checks = tuple(checks)
        self.isolation = ""
        self._launcher = launcher
        self._folder = folder
        self._seconds = seconds
        self._check_cancelled = check_cancelled
        self._worker: WorkerProcess | None = None

    def run(self, subject: Subject) -> tuple[CaseResult, ...]:
        """Every check on one solution, in order. See `unusable` for a check that could judge none."""
        return tuple(self._judged(check, subject) for check in self.checks)

    def renew(self) -> None:
        """What comes next runs in a process that has seen no candidate."""
        self.close()

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _judged(self, check: Check, subject: Subject) -> CaseResult:
        started = time.monotonic()
        request = _request(check, subject)
        if isinstance(request, str):
            return CaseResult(case_id=check.id, score=0.0, feedback=request, error="parse")
        answer = self._answer(check, {**request, "folder": str(self._launcher.scratch)})
        milliseconds = 1000 * (time.monotonic() - started)
        verdict: Mapping[str, Any] | None = answer["verdict"]
        if verdict is None:
            error: ErrorKind = "timeout" if answer["killed_for"] == "timeout" else "crash"
            slow = check.kind == "pattern" and error == "timeout"
            ended = f"it {answer['ended'] or 'ended without a result'}"
            return CaseResult(
                case_id=check.id,
                score=0.0,
                feedback=given_up(check.expression, self._seconds) if slow else ended,
                error=error,
                milliseconds=milliseconds,
                trace={"unusable": True} if slow else None,
            )
        return CaseResult(
            case_id=check.id,
            score=verdict["score"],
            feedback=verdict["feedback"],
            output=verdict["output"] or None,
            error=_ERRORS.get(verdict["fault"], "none"),
            milliseconds=milliseconds,
            trace={"unusable": True} if verdict["fault"] == "check" else None,
        )

    def _answer(self, check: Check, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """The worker's answer; one that dies is told as the candidate's fault, and the next gets a new one."""
        try:
            worker = self._started()
            return worker.ask(check.kind, self._seconds + _SLACK_SECONDS, seconds=self._seconds, **request)
        except WorkerDied as died:
            self.close()
            return {"verdict": None, "killed_for": "", "ended": f"ended the process that judges it: {died.message}"}

    def _started(self) -> WorkerProcess:
        if self._worker is None:
            scratch = self._launcher.scratch
            scratch.mkdir(parents=True, exist_ok=True)
            launch = self._launcher.launch(self._folder)
            self._worker = WorkerProcess(launch, "check", scratch / "check.log", self._check_cancelled)
            ready = self._worker.ask("start", _START_SECONDS, **self._launcher.sandbox())
            reached: Mapping[str, Any] = ready["confinement"] or {}
            missing = ", ".join(reached.get("missing", ()))
            self.isolation = f"{self._launcher.level}, network {reached.get('network', 'open')}" + (
                f"; missing: {missing}" if missing else ""
            )
        return self._worker


def unusable(results: Sequence[CaseResult]) -> CaseResult | None:
    """The result of a check that could judge no solution: a file that cannot be loaded, a value that says nothing."""
    return next((r for r in results if isinstance(r.trace, dict) and r.trace.get("unusable")), None)


def program(solution: str) -> str:
    """The solution's Python code, each line where it stands in the solution; empty where there is none."""
    lines = solution.split("\n")
    fences = outline(lines).fences
    chosen = [f for f in fences if f.language in _PYTHON] or [f for f in fences if not f.language]
    if not chosen:
        return ""
    placed = [""] * len(lines)
    for fence in chosen:
        code = fence.code.split("\n")[:-1]
        placed[fence.first_line - 1 : fence.first_line - 1 + len(code)] = code
    return "\n".join(placed).rstrip() + "\n"


def _request(check: Check, subject: Subject) -> Mapping[str, Any] | str:
    """What the worker is asked, or why the solution cannot be asked at all."""
    match check.kind:
        case "function":
            arguments = {"problem": subject.problem, "solution": subject.solution, "answer": subject.answer}
            return {"path": check.path, "source": check.source, "function": check.function, "arguments": arguments}
        case "program":
            code = program(subject.solution)
            return {"code": code} if code.strip() else "the solution has no fenced Python code (```python)"
        case "pattern":
            return {"expression": check.expression, "text": subject.solution}


def _function(folder: Path, buffers: Buffers, text: str) -> Check:
    found = named_function(folder, buffers, text, what="a check", example="--check checks.py::is_right")
    return Check(
        id=text,
        kind="function",
        what=f"the function {found.function} accepts it",
        path=str(found.path),
        source=found.source,
        function=found.function,
    )


def _pattern(expression: str) -> Check:
    require_expression(expression, option="--must-match", hint="Quote it for the shell.")
    return Check(id=f"must-match {expression}", kind="pattern", what=f"it matches {expression}", expression=expression)
