"""What things are called in a run of one kind: a function has tests, a solution has checks."""

from __future__ import annotations

from secant.cli.terminal import counted


class Words:
    """The words for a kind of artifact."""

    def __init__(self, kind: str) -> None:
        solution = kind == "solution"
        self.label = "Solution" if solution else "Function"
        self.case = "check" if solution else "test"
        self.cases = "Checks" if solution else "Tests"
        self.confirmed = "once more, by a process or a reader of its own" if solution else "with a fresh pytest"

    def passing(self, passed: int, total: int) -> str:
        """`2 of 3 tests pass`."""
        return f"{passed} of {counted(total, self.case)} pass"
