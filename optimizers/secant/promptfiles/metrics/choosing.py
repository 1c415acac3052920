"""From the name of a metric to the metric, with all that the data's own checks need."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from secant.errors import BadRequest
from secant.functions.buffers import Buffers
from secant.functions.launching import Launcher
from secant.optimizer import LanguageModel
from secant.promptfiles.evaldata.assertions import KINDS, metric_spec
from secant.promptfiles.evaldata.rows import CheckSpec, EvalData, Row
from secant.promptfiles.metrics.choice import Choice
from secant.promptfiles.metrics.composite import Checked
from secant.promptfiles.metrics.contract import Metric
from secant.promptfiles.metrics.kinds import Kind
from secant.promptfiles.metrics.numeric import Numeric
from secant.promptfiles.metrics.texts import Containing, Edge, Exact

DEFAULT = "exact"
_MOST_NAMED = 3


class Surroundings(NamedTuple):
    """What some metrics need: a folder that paths start from, processes, a model."""

    folder: Path
    launcher: Callable[[], Launcher] | None = None
    """Asked for the first time when code of the user's is to be run."""
    model: LanguageModel | None = None
    buffers: Buffers = Buffers()
    seconds: float = 10.0
    """What a metric in Python may take for one answer."""
    check_cancelled: Callable[[], None] = lambda: None


def metric_for(text: str, *, data: EvalData, surroundings: Surroundings) -> Metric:
    """The metric of a run: `text` for rows that have no checks of their own, else what the data asks of every row, else
    `exact`. Nothing is started before the first answer is graded.

    Raises BadRequest for a metric that there is not, or that needs what is not there.
    """
    named = (_understood(metric_spec(text), surroundings),) if text.strip() else ()
    asked = named or tuple(_understood(check, surroundings) for check in data.checks)
    checks = asked or (CheckSpec(kind=DEFAULT),)
    own = any(row.checks for row in data.rows)
    used = dict.fromkeys((*(check.kind for check in checks), *(c.kind for row in data.rows for c in row.checks)))
    kinds = {kind: _kind(kind, surroundings) for kind in used}
    always = () if named else asked
    name = text.strip() or " + ".join(dict.fromkeys(check.kind for check in checks))
    return Checked(kinds, name=name, usual=() if always else checks, always=always, own=own)


def require_judgeable(metric: Metric, rows: Sequence[Row]) -> None:
    """Raises BadRequest where the metric cannot judge some of the rows, with the first of them."""
    objections = ((row, metric.objection(row)) for row in rows)
    against = [(row, said) for row, said in objections if said]
    if against:
        row, said = against[0]
        more = [f"{other.line}" for other, _ in against[1 : _MOST_NAMED + 1]]
        rest = f" (so do the cases on lines {', '.join(more)}{' and more' if len(against) > len(more) + 1 else ''})"
        raise BadRequest(
            f"this case cannot be judged by the metric {metric.name}: {said}{rest if more else ''}",
            hint="Complete the case, give it checks of its own, or choose another metric.",
            where=f"{row.path}:{row.line}",
        )


def _understood(check: CheckSpec, surroundings: Surroundings) -> CheckSpec:
    """The check as its kind takes it. Raises BadRequest for an unknown kind, and for an argument that it cannot use."""
    if check.kind not in KINDS:
        near = difflib.get_close_matches(check.kind, KINDS, n=_MOST_NAMED)
        guess = f"Did you mean {' or '.join(near)}? " if near else ""
        raise BadRequest(f"there is no metric named {check.kind}", hint=f"{guess}These exist: {', '.join(KINDS)}.")
    if check.kind == "numeric" and isinstance(check.value, str):
        return check.model_copy(update={"value": None, "options": {"tolerance": _tolerance(check.value)}})
    if check.kind in ("exact", "iexact") and check.value == "strict":
        return check.model_copy(update={"value": None, "options": {"strict": True}})
    return check


def _tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        hint = "For example: --metric numeric:0.01."
        raise BadRequest("the tolerance of numeric is no number", hint=hint, where=f"numeric:{text}")
    return value


def _kind(name: str, surroundings: Surroundings) -> Kind:
    made: Mapping[str, Callable[[], Kind]] = {
        "exact": Exact,
        "iexact": lambda: Exact(fold=True),
        "numeric": Numeric,
        "choice": Choice,
        "contains": Containing,
        "icontains": lambda: Containing(fold=True),
        "contains-all": Containing,
        "icontains-all": lambda: Containing(fold=True),
        "contains-any": lambda: Containing(every=False),
        "icontains-any": lambda: Containing(fold=True, every=False),
        "starts-with": lambda: Edge(end=False),
        "ends-with": lambda: Edge(end=True),
    }
    return made[name]()
