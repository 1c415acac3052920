"""How a judge's reply becomes a verdict, or a reason why not: a ladder that never guesses.

From the top: the last complete pair of tags, an open tag where the reply ended normally, a reply that is a JSON object,
a last line `Verdict: ...`. What is below that, and several verdicts that contradict each other, is no verdict.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

from secant.optimizer import Completion
from secant.promptfiles.metrics.texts import unfenced
from secant.prompting.parse import tagged
from secant.types import ErrorKind

_PASS = frozenset({"pass", "passed", "correct", "right", "yes", "true", "accept", "accepted"})
_FAIL = frozenset({"fail", "failed", "incorrect", "wrong", "no", "false", "reject", "rejected"})
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(?:(?:/|out of)\s*(\d+(?:\.\d+)?)|(%))?")
_LINE = re.compile(r"[ \t>*_#-]*verdict[*_ \t]*[:：][*_ \t]*(\S.*)", re.IGNORECASE)
_KEYS = ("verdict", "pass", "passed", "correct", "score")
_MOST_REASON = 600
_ANY: Mapping[str, float] = {}


class Verdict(NamedTuple):
    """What a judge said. `score` is None where it said nothing that can be read."""

    score: float | None = None
    reason: str = ""
    trouble: str = ""
    error: ErrorKind = "none"
    again: bool = False
    """Only the form was wrong, so asking once more may help."""


def read_verdict(completion: Completion, suffix: str, choices: Mapping[str, float] = _ANY) -> Verdict:
    """Climb down the ladder. `suffix` stands behind the tags of the request; `choices`, where there are any, are the
    only words that count, with their scores.
    """
    if completion.finish == "failed":
        why = completion.reason or "no reason given"
        return Verdict(trouble=f"the judge gave no answer: {why}", error="model")
    if completion.finish == "refusal":
        return Verdict(trouble="the judge refused to answer", error="refusal")
    text = completion.text
    said = _said(text, suffix, cut=completion.finish == "length")
    found = list(dict.fromkeys(_chosen(each, choices) if choices else _score(each) for each in said))
    reason = " ".join((tagged(text, f"REASON{suffix}") or "").split())[:_MOST_REASON]
    if len(found) == 1 and found[0] is not None:
        return Verdict(score=found[0], reason=reason)
    wanted = f"none of {', '.join(choices)}" if choices else "neither PASS nor FAIL nor a number from 0 to 1"
    if not text.strip():
        trouble = "it was empty"
    elif len(found) > 1:
        trouble = "it gave several verdicts"
    elif found:
        trouble = f"what stands between the tags is {wanted}"
    else:
        trouble = (
            "it was cut off before the verdict" if completion.finish == "length" else "there is none between the tags"
        )
    return Verdict(reason=reason, trouble=trouble, error="model", again=True)


def _said(text: str, suffix: str, *, cut: bool) -> Iterator[Any]:
    """What the first rung that has anything holds."""
    start, end = f"<VERDICT{suffix}>", f"</VERDICT{suffix}>"
    pairs = re.findall(rf"{re.escape(start)}([^<]*){re.escape(end)}", text)
    if pairs:
        yield from pairs
    elif start in text:
        if not cut:
            yield text.rpartition(start)[2].split("<")[0]
    elif (value := _from_json(text)) is not None:
        yield value
    elif line := _LINE.fullmatch(text.strip().rpartition("\n")[2]):
        yield line[1]


def _chosen(value: Any, choices: Mapping[str, float]) -> float | None:
    """The score of the word that was chosen; None for any other."""
    word = _bare(str(value))
    return next((score for choice, score in choices.items() if _bare(choice) == word), None)


def _bare(text: str) -> str:
    return text.strip().strip("*_`\"'.! ").strip().casefold()


def _score(value: Any) -> float | None:
    """`PASS`, `**fail**.`, `0.7`, `7/10`, `70 %`, true; None for other words, and for 7 without its scale."""
    if isinstance(value, bool):
        return float(value)
    text = _bare(str(value))
    if text in _PASS:
        return 1.0
    if text in _FAIL:
        return 0.0
    number = _NUMBER.fullmatch(text)
    if number is None:
        return None
    scale = float(number[2]) if number[2] else 100.0 if number[3] else 1.0
    share = float(number[1]) / scale if scale else -1.0
    return share if 0 <= share <= 1 else None


def _from_json(text: str) -> Any:
    """The verdict of a reply that is an object and nothing else: one amid other words may be the answer's."""
    try:
        value: Any = json.loads(unfenced(text))
    except (ValueError, RecursionError):
        return None
    fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    return next((fields[key] for key in _KEYS if key in fields), None)
