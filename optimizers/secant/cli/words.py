"""What things are called in a run of one kind: a function has tests, a solution has checks or the model's critique."""

from __future__ import annotations

from secant.cli.terminal import counted
from secant.judging import Judges


class Words:
    """The words for what is judged so."""

    def __init__(self, judges: Judges) -> None:
        self._judges = judges
        solution = judges != "tests"
        self.label = "Solution" if solution else "Function"
        self.case = "check" if solution else "test"
        self.cases = "Checks" if solution else "Tests"
        self.confirmed = "once more, by a process or a reader of its own" if solution else "with a fresh pytest"
        self.alike = (
            "there is no answer in which it could differ"
            if solution
            else "no input is known on which it behaves otherwise"
        )

    def judged(self, number: int) -> str:
        """`3 tests`."""
        return "the model's own critique" if self._judges == "critique" else counted(number, self.case)

    def passing(self, passed: int, total: int) -> str:
        """`2 of 3 tests pass`."""
        if self._judges == "critique":
            return f"the critique finds {'no mistake' if passed == total else 'mistakes'}"
        return f"{passed} of {counted(total, self.case)} pass"
