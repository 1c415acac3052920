"""Answers judged by a Python function of the user's, `FILE.py::FUNCTION`, in confined processes that nothing leaves.

It is called with `output`, `expected`, the case's fields by their names, and all of them as `row`; it may return True
or False, a score from 0 to 1, a sentence about what is wrong, (score, sentence), or a mapping with `score` and
`feedback`.

The worker of `functions/` runs it, in its mode `check`: no code of the user's and no answer is executed here.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from secant.errors import BadRequest
from secant.functions.buffers import Buffers
from secant.functions.launching import Launcher
from secant.functions.named import NamedFunction, named_function
from secant.functions.process import WorkerDied, WorkerProcess
from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.metrics.contract import Answer, Grade
from secant.promptfiles.metrics.kinds import Item, text_of
from secant.prompting.measure import first_line
from secant.types import ErrorKind

_START_SECONDS = 30.0
_SLACK_SECONDS = 10.0
_BATCH = 200
_MOST_SLOW = 3
"""Answers in a row on which time may run out before the metric itself is taken to hang: a thousand such would take
hours."""
_REPAIR = "Repair it, or name another one (--metric). No model was asked."
_PROMPTFOO = "get_assert"
"""What promptfoo calls where only a file is named."""


class Functions:
    """Any functions of any files. The worker is started when it is first needed and replaced when it dies."""

    def __init__(
        self,
        launcher: Callable[[], Launcher],
        folder: Path,
        buffers: Buffers,
        *,
        seconds: float,
        check_cancelled: Callable[[], None],
    ) -> None:
        """`folder` is where paths start and where functions run; one call may take so many `seconds`."""
        self._make_launcher = launcher
        self._launcher: Launcher | None = None
        self._folder = folder
        self._buffers = buffers
        self._seconds = seconds
        self._check_cancelled = check_cancelled
        self._worker: WorkerProcess | None = None

    def says(self, check: CheckSpec) -> str:
        function = _plain(check.value).rpartition("::")[2]
        about = _docstring(self.named(check.value))
        return f"the function {function} accepts it" + (f" ({about})" if about else "")

    def objection(self, check: CheckSpec, row: Row) -> str:
        return "" if isinstance(check.value, str) else "its check names no function"

    def named(self, value: JsonValue) -> NamedFunction:
        """Raises BadRequest and UnreadableFile."""
        example = "--metric python:metrics.py::score"
        if not isinstance(value, str):
            raise BadRequest("a metric in Python needs its function", hint=f"For example: {example}")
        return named_function(self._folder, self._buffers, _plain(value), what="a metric", example=example)

    def require_runnable(self, checked: Sequence[tuple[CheckSpec, Row]]) -> None:
        """Before an answer is paid for. Raises BadRequest where a function cannot be loaded, or lacks an argument in
        each of its rows.
        """
        names: dict[str, dict[tuple[str, ...], Row]] = defaultdict(dict)
        for check, row in checked:
            names[text_of(check.value)].setdefault(tuple(_arguments(Item(Answer(row, ""), check))), row)
        for value, known in names.items():
            function = self.named(value)
            request = {"items": [list(each) for each in known], "seconds": self._seconds, **_called(function)}
            try:
                answer = self._started().ask("callable", self._seconds + _SLACK_SECONDS, **request)
            except WorkerDied as died:
                self.close()
                answer = {
                    "verdict": None,
                    "killed_for": "",
                    "ended": f"ended the process that loads it: {died.message}",
                }
            grade = _grade(answer)
            if grade.error != "none":
                where = f"{function.path}::{function.function}"
                raise BadRequest(f"the metric cannot be used: {grade.feedback}", hint=_REPAIR, where=where)

    def grade(self, items: Sequence[Item]) -> Sequence[Grade]:
        by_function: dict[str, list[int]] = defaultdict(list)
        for number, item in enumerate(items):
            by_function[text_of(item.check.value)].append(number)
        grades: dict[int, Grade] = {}
        for value, numbers in by_function.items():
            function = self.named(value)
            grades.update(zip(numbers, self._graded(function, [items[n] for n in numbers]), strict=True))
        return [grades[number] for number in range(len(items))]

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _graded(self, function: NamedFunction, items: Sequence[Item]) -> Iterator[Grade]:
        slow = 0
        while items and slow < _MOST_SLOW:
            count = 0
            for answer in self._answers(function, items[:_BATCH]):
                count += 1
                grade = _grade(answer)
                slow = slow + 1 if grade.error == "timeout" else 0
                yield grade
                if slow >= _MOST_SLOW:
                    self.close()  # what it was asked besides is of no use
                    break
            items = items[count:]
        name = f"{function.path.name}::{function.function}"
        hanging = f"{name} took longer than {self._seconds:g} s {_MOST_SLOW} times in a row"
        yield from (Grade(score=0.0, feedback=hanging, error="timeout", unusable=hanging) for _ in items)

    def _answers(self, function: NamedFunction, items: Sequence[Item]) -> Iterator[Mapping[str, Any]]:
        """The worker's answer to each item, in order; fewer where it died: that which killed it is told as the last."""
        request = {
            **_called(function),
            "items": [_arguments(item) for item in items],
            "seconds": self._seconds,
        }
        try:
            yield from self._started().stream("metric", self._seconds + _SLACK_SECONDS, **request)
        except WorkerDied as died:
            self.close()
            yield {"verdict": None, "killed_for": "", "ended": f"ended the process that judges it: {died.message}"}

    def _started(self) -> WorkerProcess:
        if self._worker is None:
            launcher = self._launcher = self._launcher or self._make_launcher()
            launcher.scratch.mkdir(parents=True, exist_ok=True)
            log = launcher.scratch / "metric.log"
            self._worker = WorkerProcess(launcher.launch(self._folder), "check", log, self._check_cancelled)
            self._worker.ask("start", _START_SECONDS, **launcher.sandbox())
        return self._worker


def _called(function: NamedFunction) -> Mapping[str, str]:
    return {"path": str(function.path), "source": function.source, "function": function.function}


def _grade(answer: Mapping[str, Any]) -> Grade:
    verdict: Mapping[str, Any] | None = answer["verdict"]
    if verdict is None:
        error: ErrorKind = "timeout" if answer["killed_for"] == "timeout" else "crash"
        return Grade(score=0.0, feedback=f"the metric {answer['ended'] or 'ended without a result'}", error=error)
    fault = verdict["fault"]
    return Grade(
        score=verdict["score"],
        feedback=verdict["feedback"],
        error="crash" if fault else "none",
        unusable=verdict["feedback"] if fault == "check" else "",
    )


def _arguments(item: Item) -> Mapping[str, Any]:
    """What a call has by name. A field of the case never hides the answer."""
    fields = dict(item.row.fields)
    own = {"output": item.output, "expected": item.row.expected, "row": fields}
    return {**own, "context": {"vars": fields}, "case_id": item.row.id, **fields, **own}


def _docstring(function: NamedFunction) -> str:
    """The first line of what the function says of itself: whoever changes the prompt should know it."""
    try:
        body = ast.parse(function.source).body
    except (SyntaxError, ValueError, RecursionError):
        return ""
    found = (n for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name == function.function)
    text = next((ast.get_docstring(node) or "" for node in found), "")
    return first_line(text).rstrip(".")


def _plain(value: JsonValue) -> str:
    """`file.py::function`, for promptfoo's `file://file.py:function` as well."""
    text = text_of(value).strip().removeprefix("file://")
    if "::" in text or ".py" not in text:
        return text
    name, colon, function = text.rpartition(".py:")
    return f"{name}.py::{function}" if colon else f"{text}::{_PROMPTFOO}"
