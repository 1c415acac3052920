"""The calls that the tests make, recorded by the bench when somebody first needs them: what behaviour is judged on.

Recording costs a run of the tests and a process, so a repair with a single answer never asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from secant.errors import SecantError
from secant.events import Event, Notice, Progress
from secant.functions.behaviour import Behaviour
from secant.functions.suite import Suite
from secant.functions.workers import Workers

_SECONDS = 300.0


class Recordings:
    """Records at most once. `behaviour` compares texts on what was recorded; None before, and where it cannot."""

    def __init__(
        self, workers: Workers, suite: Suite, *, tolerance: float, announce: Callable[[Event], object]
    ) -> None:
        self._workers = workers
        self._suite = suite
        self._tolerance = tolerance
        self._announce = announce
        self._asked = False
        self.behaviour: Behaviour | None = None

    def required(self) -> Behaviour:
        """For a run that cannot do without. Raises SecantError where nothing can be recorded."""
        answer = self._record(searching=True)
        if not answer.get("calls"):
            why = f"{answer.get('uncopied', 0)} of {answer.get('seen', 0)} calls had arguments that cannot be copied"
            raise SecantError(
                "no call of the function could be recorded, so nothing can be timed",
                hint=f"{why}. Write a test that calls it with plain data, and name it: --tests PATH_OR_NODEID.",
            )
        self.behaviour = self._comparing(answer)
        return self.behaviour

    def wanted(self) -> Behaviour | None:
        """For a run that has its result and would like to compare it with others; None where that cannot be done."""
        if not self._asked:
            try:
                answer = self._record(searching=False)
                self.behaviour = self._comparing(answer) if answer.get("calls") else None
            except SecantError as error:
                self._warn(f"The alternatives could not be compared: {error.message}", error.hint)
        return self.behaviour

    def _record(self, *, searching: bool) -> dict[str, Any]:
        self._asked = True
        self._announce(Progress(phase="record", message="recording the calls that the tests make"))
        tests = [t.id for t in self._suite.tests if t.outcome not in {"timeout", "crash"}]
        answer = self._workers.record(tests, _SECONDS, searching=searching)
        if "error" in answer:
            raise SecantError(
                f"the calls of the tests could not be recorded ({answer['message']})",
                hint="Name the tests that call the function plainly: --tests PATH_OR_NODEID.",
            )
        return answer

    def _comparing(self, answer: dict[str, Any]) -> Behaviour:
        return Behaviour(
            self._workers, answer["literals"], tolerance=self._tolerance, on_missing=self._say_no_hypothesis
        )

    def _say_no_hypothesis(self) -> None:
        self._warn(
            "Candidates are compared with the original on the recorded calls only.",
            "For generated inputs too, install hypothesis: pip install 'secant[fuzz]'.",
        )

    def _warn(self, message: str, hint: str) -> None:
        self._announce(Notice(level="warning", message=message, hint=hint))
