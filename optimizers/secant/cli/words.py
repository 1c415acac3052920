"""What things are called in a run of one kind: a function has tests, a prompt cases, a solution checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from secant.cli.terminal import counted
from secant.judging import Judges, Kind, kind_of


class _Kind(NamedTuple):
    """The words of one kind of artifact."""

    label: str
    case: str
    confirmed: str
    alike: str


_KINDS: Mapping[Kind, _Kind] = {
    "function": _Kind("Function", "test", "with a fresh pytest", "no input is known on which it behaves otherwise"),
    "solution": _Kind(
        "Solution",
        "check",
        "once more, by a process or a reader of its own",
        "there is no answer in which it could differ",
    ),
    "prompt": _Kind("Prompt", "case", "on the held-out cases, which are read now", "it answers every case alike"),
}


class Words:
    """The words for what is judged so."""

    def __init__(self, judges: Judges) -> None:
        self._judges = judges
        kind = _KINDS[kind_of(judges)]
        self.label = kind.label
        self.case = kind.case
        self.cases = f"{kind.case.capitalize()}s"
        self.confirmed = kind.confirmed
        self.alike = kind.alike

    def judged(self, number: int) -> str:
        """`3 tests`."""
        return "the model's own critique" if self._judges == "critique" else counted(number, self.case)

    def passing(self, passed: int, total: int) -> str:
        """`2 of 3 tests pass`."""
        if self._judges == "critique":
            return f"the critique finds {'no mistake' if passed == total else 'mistakes'}"
        return f"{passed} of {counted(total, self.case)} pass"
