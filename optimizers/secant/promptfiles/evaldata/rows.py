"""The values of eval data: rows, and the checks that a row or a file asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import JsonValue

from secant.types import Frozen, Split


class CheckSet(Frozen):
    """Checks that count together as one, right if so much of their weight is."""

    number: int
    """Which one of the data's sets."""
    weight: float
    threshold: float


class CheckSpec(Frozen):
    """One condition on an answer, as a data file or a config writes it, in our words."""

    kind: str
    """A metric by name: `exact`, `numeric`, `contains`, `regex`, `json-schema`, `python`, `judge`, ..."""
    value: JsonValue = None
    """What it compares with; None: the row's expected answer."""
    negate: bool = False
    weight: float = 1.0
    threshold: float | None = None
    options: Mapping[str, JsonValue] = {}
    together: CheckSet | None = None
    """The set that it is one of."""


class Row(Frozen):
    """One case as it stands in the data."""

    id: str
    """Unique and stable: the row's own id where it has one, else its number from 1."""
    path: str
    line: int
    """Where it begins, from 1."""
    fields: Mapping[str, JsonValue]
    """What fills placeholders; `input` for data with a single text."""
    expected: JsonValue = None
    checks: tuple[CheckSpec, ...] = ()
    """Its own; empty: the metric of the run judges."""
    split: Split | None = None
    """Where the data itself says so."""
    recorded: str | None = None
    """An answer that was recorded with it, for an evaluation without a model."""
    verdict: bool | None = None
    """Whether a person found the recorded answer right: a judge is calibrated with it."""
    threshold: float | None = None
    """With so much of the weight of its checks an answer is right; None: with all of it."""
    prefix: str = ""
    suffix: str = ""
    """What stands right before and behind the prompt for this case alone."""


class EvalData(Frozen):
    """All rows of a run, from one file or several."""

    paths: tuple[str, ...]
    rows: tuple[Row, ...]
    checks: tuple[CheckSpec, ...] = ()
    """For every row besides its own."""
    notices: tuple[str, ...] = ()
    """What was left aside, each a sentence with its place: duplicates, assertions of an unknown type."""
    digest: str
    """Of all bytes that were read."""


Splits = Mapping[Literal["fit", "select", "report"], tuple[Row, ...]]
