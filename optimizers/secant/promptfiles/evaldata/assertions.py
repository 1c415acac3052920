"""The checks that data asks for, from the words of data files to `CheckSpec`s; what is unknown is named, never skipped
in silence.

A check is a text (`contains: blue`, as in promptfoo's column `__expected`) or a mapping (`{"type": "contains", "value":
"blue"}`, as in promptfoo's `assert`, or with `kind`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from secant.promptfiles.evaldata.rows import CheckSpec

KINDS = (
    *("exact", "iexact", "numeric", "choice", "regex", "json-schema", "python", "judge"),
    *("contains", "icontains", "contains-all", "contains-any", "icontains-all", "icontains-any"),
    *("starts-with", "ends-with"),
)
"""The metrics by name, as a data file, a command line and a check have them."""
_OTHER_NAMES = {
    "equals": "exact",
    "is-json": "json-schema",
    "llm-rubric": "judge",
    "model-graded-closedqa": "judge",
    "g-eval": "judge",
}
_PREFIXED = re.compile(r"\s*(not-)?([a-z][a-z-]*)(?:\((\d*\.?\d+)\))?:(.*)", re.DOTALL)
_BARE = re.compile(r"(not-)?(is-[a-z-]+|contains-(?:json|xml|html|sql))")
_PROGRAM = re.compile(r"file://.+\.(py|js|cjs|mjs|ts)(?::\w+)?")
_OLDER = {"fn": "javascript", "eval": "javascript", "grade": "llm-rubric"}
_LISTED = frozenset({"contains-all", "contains-any", "icontains-all", "icontains-any"})
_FIELDS = frozenset({"type", "kind", "value", "weight", "threshold", "negate", "not", "options", "metric"})


class Understood(NamedTuple):
    """The checks that were understood, and a sentence for each that was not."""

    checks: tuple[CheckSpec, ...] = ()
    unknown: tuple[str, ...] = ()


def checks_of(value: Any) -> Understood:
    """One check or a list of them."""
    values = cast("list[Any]", value) if isinstance(value, list) else [value]
    found = [_check(each) for each in values]
    return Understood(
        tuple(each for each in found if isinstance(each, CheckSpec)),
        tuple(each for each in found if isinstance(each, str)),
    )


def expected_check(cell: str) -> CheckSpec | str:
    """A cell of promptfoo's column `__expected`: a type with a value, or the answer itself."""
    match = _PREFIXED.fullmatch(cell)
    if cell.strip().removeprefix("not-") == "is-json":
        return _check(cell)
    if match is None or (match[2] not in _OTHER_NAMES and match[2] not in KINDS and not _foreign(match[2])):
        return CheckSpec(kind="exact", value=cell.strip(), options={"strict": True})
    return _check(cell)


def assertion_of(cell: str) -> dict[str, Any]:
    """A cell of the column `__expected` as the assertion that promptfoo's YAML would have for it."""
    text = cell.strip()
    if program := _PROGRAM.fullmatch(text):
        return {"type": "python" if program[1] == "py" else "javascript", "value": text}
    if (bare := _BARE.fullmatch(text)) and _foreign(bare[2]):
        return {"type": text}
    match = _PREFIXED.fullmatch(text)
    if match is None or not (match[2] in _OTHER_NAMES or match[2] in KINDS or _foreign(match[2])):
        return {"type": "equals", "value": text}
    value = match[4].strip()
    found: dict[str, Any] = {"type": (match[1] or "") + _OLDER.get(match[2], match[2])}
    if value:
        found["value"] = _cells(value) if match[2] in _LISTED else value
    return {**found, "threshold": float(match[3])} if match[3] else found


def metric_spec(text: str) -> CheckSpec:
    """A metric as it is asked for, `NAME` or `NAME:ARGUMENT`; whether there is such a one, `metrics.choosing` says."""
    kind, _, argument = text.strip().partition(":")
    kind = kind.strip().lower().replace("_", "-")
    return CheckSpec(kind=_OTHER_NAMES.get(kind, kind), value=argument.strip() or None)


def _check(value: Any) -> CheckSpec | str:
    if isinstance(value, str):
        match = _PREFIXED.fullmatch(value)
        if match is None:
            return _named(value.strip(), None)
        threshold = float(match[3]) if match[3] else None
        return _named(match[2], match[4].strip() or None, negate=bool(match[1]), threshold=threshold)
    if not isinstance(value, dict):
        return f"the check {value!r} is neither a text nor an object"
    return _mapped(cast("Mapping[str, Any]", value))


def _mapped(fields: Mapping[str, Any]) -> CheckSpec | str:
    kind = fields.get("kind", fields.get("type"))
    if not isinstance(kind, str):
        return f"a check without a `type`: {dict(fields)!r:.100}"
    strange = sorted(fields.keys() - _FIELDS)
    if strange:
        return f"a check `{kind}` with `{strange[0]}`, which is not known"
    weight, threshold = fields.get("weight", 1.0), fields.get("threshold")
    if not _number(weight) or weight < 0 or not (threshold is None or _number(threshold)):
        return f"a check `{kind}` whose weight or threshold is no number"
    options = fields.get("options", {})
    return _named(
        kind,
        fields.get("value"),
        negate=bool(fields.get("negate", fields.get("not", False))),
        weight=float(weight),
        threshold=None if threshold is None else float(threshold),
        options=cast("Mapping[str, Any]", options) if isinstance(options, dict) else {},
    )


def _named(kind: str, value: Any, *, negate: bool = False, **fields: Any) -> CheckSpec | str:
    plain = kind.removeprefix("not-")
    name = _OTHER_NAMES.get(plain, plain)
    if name not in KINDS:
        return f"a check of the type `{kind}`, which is not known"
    if name in _LISTED and isinstance(value, str):
        value = _cells(value)
    options = {**fields.pop("options", {}), **({"strict": True} if plain == "equals" else {})}
    return CheckSpec(kind=name, value=value, negate=negate != (plain != kind), options=options, **fields)


def _cells(text: str) -> Sequence[str]:
    """`a, "b, c"` has two cells."""
    return [cell.strip() for row in csv.reader([text], skipinitialspace=True) for cell in row]


def _foreign(name: str) -> bool:
    """A type of promptfoo's that we do not have: it must not be taken for the answer."""
    return name in _FOREIGN


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FOREIGN = frozenset(
    {
        *("javascript", "fn", "eval", "webhook", "ruby", "similar", "factuality", "rouge-n", "bleu", "gleu", "meteor"),
        *("levenshtein", "latency", "cost", "perplexity", "perplexity-score", "classifier", "moderation", "grade"),
        *("answer-relevance", "context-recall", "context-relevance", "context-faithfulness", "conversation-relevance"),
        *("is-json", "contains-json", "is-xml", "contains-xml", "is-sql", "contains-sql", "is-html", "contains-html"),
        *("is-valid-function-call", "is-valid-openai-function-call", "is-valid-openai-tools-call", "is-refusal"),
        *("model-graded-factuality", "select-best", "max-score", "word-count", "file", "guardrails", "finish-reason"),
        *("pi", "search-rubric", "agent-rubric", "tool-call-f1", "trace-span-count", "trace-span-duration", "human"),
    }
)
