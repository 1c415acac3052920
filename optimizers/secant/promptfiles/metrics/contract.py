"""What every metric is: answers in, grades out, many at a time. Protocols and values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from pydantic import JsonValue

from secant.promptfiles.evaldata.rows import Row
from secant.types import ErrorKind, Frozen


class Answer(NamedTuple):
    """What the program said to a row."""

    row: Row
    output: str


class Grade(Frozen):
    """What a metric says of one answer. It never raises for a bad answer."""

    score: float
    """In [0, 1]."""
    feedback: str = ""
    """Why, for a reader who sees row and answer: `expected 12, the last number is 13`. Empty where all is well."""
    extracted: JsonValue = None
    """What was taken out of the answer and compared, where that is less than all of it."""
    error: ErrorKind = "none"
    """`parse`: nothing to compare was found; `crash`, `timeout`: the metric's own code; `model`, `refusal`: a judge."""
    unusable: str = ""
    """The metric itself is at fault, whatever the answer: its file cannot be loaded, its schema is none."""


class Metric(Protocol):
    """One way of judging."""

    @property
    def name(self) -> str:
        """As it is asked for on the command line."""
        ...

    @property
    def says(self) -> str:
        """What counts as correct, in a sentence, for the optimizer's prompt and the report."""
        ...

    @property
    def asks_model(self) -> bool:
        """Whether a model judges some answers: its verdicts cost calls, and may be wrong."""
        ...

    @property
    def immediate(self) -> bool:
        """Whether it judges one answer at a time, in this process: it may be given each when it comes."""
        ...

    def objection(self, row: Row) -> str:
        """Why this row cannot be judged by it (no expected answer, no number in it); empty where it can."""
        ...

    def requests(self, answers: Sequence[Answer]) -> Sequence[Sequence[Mapping[str, str]]]:
        """What a model that judges would be asked first about these answers; nothing where none judges."""
        ...

    def require_runnable(self, rows: Sequence[Row]) -> None:
        """Start what it needs to judge these rows, before an answer is paid for. Raises BadRequest where its own code
        cannot be loaded, or can be called for none of them.
        """
        ...

    def grade(self, answers: Sequence[Answer]) -> Sequence[Grade]:
        """One grade for each answer, in their order."""
        ...

    def close(self) -> None:
        """Let go of processes."""
        ...
