"""From the name of a metric to the metric, with all that the data's own checks need."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from secant.promptfiles.metrics.functions import Functions
from secant.promptfiles.metrics.judge import Judge
from secant.promptfiles.metrics.kinds import Kind, text_of
from secant.promptfiles.metrics.numeric import Numeric
from secant.promptfiles.metrics.patterns import COMPARE, Matching
from secant.promptfiles.metrics.schemas import Schema, schema_of
from secant.promptfiles.metrics.texts import Containing, Edge, Exact
from secant.solutions.matching import require_expression

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
    named = (_asked(text, surroundings),) if text.strip() else ()
    asked = named or tuple(_understood(check, surroundings) for check in data.checks)
    checks = asked or (CheckSpec(kind=DEFAULT),)
    own = any(row.checks for row in data.rows)
    used = dict.fromkeys((*(check.kind for check in checks), *(c.kind for row in data.rows for c in row.checks)))
    kinds = {kind: _kind(kind, surroundings) for kind in used}
    _require_functions(kinds.get("python"), [*checks, *(check for row in data.rows for check in row.checks)])
    always = () if named else asked
    name = text.strip() or _name(asked, data.rows)
    return Checked(kinds, name=name, usual=() if always else checks, always=always, own=own)


def _name(asked: Sequence[CheckSpec], rows: Sequence[Row]) -> str:
    """The metric in short: what the data asks of every row, or the kinds of the rows' own checks if each has some."""
    if asked or not all(row.checks for row in rows):
        return " + ".join(dict.fromkeys(check.kind for check in asked or (CheckSpec(kind=DEFAULT),)))
    kinds = list(dict.fromkeys(check.kind for row in rows for check in row.checks)) or [DEFAULT]
    more = [f"{len(kinds) - _MOST_NAMED} more"] if len(kinds) > _MOST_NAMED + 1 else []
    return " + ".join([*kinds[:_MOST_NAMED], *more] if more else kinds)


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
    if check.kind == "regex" and isinstance(check.value, str):
        hint = "Quote it for the shell; a group marks the answer: regex:'Answer: (.*)'."
        require_expression(check.value, option="regex", hint=hint)
    if check.kind == "json-schema":
        schema = schema_of(check.value, surroundings.folder, surroundings.buffers)
        return check.model_copy(update={"value": schema})
    return check


def _require_functions(kind: Kind | None, checks: Iterable[CheckSpec]) -> None:
    """Raises BadRequest and UnreadableFile for a function that there is not."""
    if isinstance(kind, Functions):
        for check in {text_of(check.value): check for check in checks if check.kind == "python"}.values():
            kind.named(check.value)


def _asked(text: str, surroundings: Surroundings) -> CheckSpec:
    """The metric of the command line. A pattern of its own that has a group says where the answer stands."""
    check = _understood(metric_spec(text), surroundings)
    if check.kind == "regex" and isinstance(check.value, str) and re.compile(check.value).groups:
        return check.model_copy(update={"options": {COMPARE: True}})
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


def _functions(surroundings: Surroundings) -> Functions:
    if surroundings.launcher is None:
        raise BadRequest("a metric in Python cannot be run here", hint="Choose another metric.", where="python")
    return Functions(
        surroundings.launcher,
        surroundings.folder,
        surroundings.buffers,
        seconds=surroundings.seconds,
        check_cancelled=surroundings.check_cancelled,
    )


def _judge(surroundings: Surroundings) -> Judge:
    if surroundings.model is None:
        hint = "Name one (--model), or choose a metric that needs none."
        raise BadRequest("a judge is a model, and none is named", hint=hint, where="judge")
    return Judge(surroundings.model)


def _kind(name: str, surroundings: Surroundings) -> Kind:
    made: Mapping[str, Callable[[], Kind]] = {
        "exact": Exact,
        "regex": lambda: Matching(surroundings.seconds),
        "json-schema": lambda: Schema(surroundings.seconds),
        "python": lambda: _functions(surroundings),
        "judge": lambda: _judge(surroundings),
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
