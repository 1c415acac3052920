"""Answers compared as texts: equal, containing, starting, ending."""

from __future__ import annotations

import json
import re
from typing import NamedTuple, cast

from pydantic import JsonValue

from secant.promptfiles.evaldata.rows import CheckSpec
from secant.promptfiles.metrics.contract import Grade
from secant.promptfiles.metrics.differing import difference
from secant.promptfiles.metrics.kinds import Item, Plain, options_of, quoted, text_of
from secant.solutions.answer import AnswerPattern

_RIGHT = Grade(score=1.0)
_FENCE = re.compile(r"```[\w-]*\s*")


class Exact(Plain):
    """The answer is the expected one, white space aside: all of it, or what stands behind its last `Answer:`.

    With the option `strict` it is all of it. A list of expected texts has alternatives; an answer in JSON is compared
    as JSON with what is no text.
    """

    def __init__(self, *, fold: bool = False) -> None:
        self._fold = fold

    def says(self, check: CheckSpec) -> str:
        case = ", capitals and white space aside" if self._fold else ", white space aside"
        where = "all of it" if _strict(check) else "it, or what stands behind its last `Answer:`,"
        value = "the expected answer" if check.value is None else quoted(text_of(check.value))
        return f"{where} is exactly {value}{case}"

    def judged(self, item: Item) -> Grade:
        whole = unfenced(item.output)
        given = [whole] if _strict(item.check) else [whole, behind_label(item.output)]
        alternatives = options_of(item.value)
        for text in given:
            if text is not None and self._same(text, item.value, alternatives):
                return _RIGHT
        shown = given[-1] if given[-1] is not None else whole
        nearest = min(alternatives, key=lambda each: abs(len(each) - len(shown)), default="")
        extracted = shown if shown != whole else None
        return Grade(score=0.0, feedback=difference(nearest, shown), extracted=extracted)

    def _same(self, text: str, value: JsonValue, alternatives: list[str]) -> bool:
        normal = self._normal(text)
        if any(normal == self._normal(each) for each in alternatives):
            return True
        if isinstance(value, bool):
            return normal.casefold() == str(value).casefold()
        return not isinstance(value, str) and same_json(_json(text), value)

    def _normal(self, text: str) -> str:
        line = " ".join(text.split())
        return line.casefold() if self._fold else line


class Containing(Plain):
    """The answer contains the expected text; `every` or any of several."""

    def __init__(self, *, fold: bool = False, every: bool = True) -> None:
        self._fold = fold
        self._every = every

    def says(self, check: CheckSpec) -> str:
        fold = ", in capitals or not" if self._fold else ""
        if check.value is None:
            return f"it contains the expected text{fold}"
        texts = options_of(check.value)
        several = ("all of " if self._every else "one of ") if len(texts) > 1 else ""
        return f"it contains {several}{', '.join(map(quoted, texts))}{fold}"

    def judged(self, item: Item) -> Grade:
        texts = options_of(item.value)
        output = self._normal(item.output)
        missing = [text for text in texts if self._normal(text) not in output]
        if not missing or (not self._every and len(missing) < len(texts)):
            return _RIGHT
        named = ", ".join(map(quoted, missing))
        what = "it contains none of" if len(texts) > 1 and not self._every else "it does not contain"
        return Grade(score=0.0, feedback=f"{what} {named}{_near(missing, item.output, fold=self._fold)}")

    def _normal(self, text: str) -> str:
        return text.casefold() if self._fold else text


class _Place(NamedTuple):
    verb: str
    at_end: bool


class Edge(Plain):
    """The answer starts, or ends, with the expected text; space around it does not count.

    With the option `ignore_case` (GitHub's evaluators) capitals do not either.
    """

    def __init__(self, *, end: bool) -> None:
        self._place = _Place("ends", True) if end else _Place("starts", False)

    def says(self, check: CheckSpec) -> str:
        value = "the expected text" if check.value is None else quoted(text_of(check.value))
        return f"it {self._place.verb} with {value}{', in capitals or not' if _folds(check) else ''}"

    def judged(self, item: Item) -> Grade:
        text, value = item.output.strip(), text_of(item.value).strip()
        edge = text[-len(value) :] if self._place.at_end else text[: len(value)]
        if not value or edge == value or (_folds(item.check) and edge.casefold() == value.casefold()):
            return _RIGHT
        shown = text[-max(len(value), 20) :] if self._place.at_end else text[: max(len(value), 20)]
        return Grade(score=0.0, feedback=f"it {self._place.verb} with {quoted(shown)}, not with {quoted(value)}")


def behind_label(output: str) -> str | None:
    """What stands behind the last `Answer:` of an answer; None where there is none."""
    return AnswerPattern().find(output)


def unfenced(output: str) -> str:
    """What a single fenced block holds, where an answer is nothing else."""
    lines = output.strip().split("\n")
    if len(lines) < 2 or not _FENCE.fullmatch(lines[0]) or lines[-1].strip() != "```":
        return output
    inner = "\n".join(lines[1:-1])
    return output if "```" in inner else inner


def same_json(first: JsonValue, second: JsonValue) -> bool:
    """Equal as JSON: 1 is 1.0, but true is not 1."""
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same_json, first, second))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same_json(first[name], second[name]) for name in first)
    return first == second


def _json(text: str) -> JsonValue:
    """The value that a text writes; the text itself where it writes none."""
    try:
        return cast("JsonValue", json.loads(text))
    except (ValueError, RecursionError):
        return text


def _strict(check: CheckSpec) -> bool:
    return bool(check.options.get("strict"))


def _folds(check: CheckSpec) -> bool:
    return bool(check.options.get("ignore_case"))


def _near(missing: list[str], output: str, *, fold: bool) -> str:
    lower = output.casefold()
    if not fold and all(text.casefold() in lower for text in missing):
        return "; only capitals differ"
    return f"; it says {quoted(output)}" if output.strip() else "; it is empty"
