"""What was measured, in words for a model: what fails and how, what passes and must stay, what was left out.

Bounded, without repetition, in the order of the cases, so that the same evaluation always reads the same. TextGrad
joins all feedback in the order of a set and cuts every text to its first and last ten words; nothing of that is here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import Field, JsonValue

from secant.prompting.measure import first_line, shortened, tokens
from secant.search.similarity import normalised
from secant.types import Case, CaseResult, Evaluation, Frozen


class FeedbackLimits(Frozen):
    """How much of an evaluation is told."""

    tokens: int = Field(default=2000, ge=50)
    """For everything together."""
    case_tokens: int = Field(default=400, ge=20)
    """For one field of one case."""
    cases: int = Field(default=8, ge=1)
    """Failing cases that are told in full."""
    passing: int = Field(default=3, ge=0)
    """Passing cases that are named, as something to keep."""
    names: int = Field(default=5, ge=1)
    """Cases that a list names before it only counts."""


class Feedback(NamedTuple):
    """An evaluation in words."""

    failing: str
    """One section for each way of failing; empty where nothing fails."""
    passing: str
    """Samples of what passes; empty where nothing does."""
    left_out: int
    """Failing cases that are counted only."""


def feedback(evaluation: Evaluation, cases: Mapping[str, Case], limits: FeedbackLimits | None = None) -> Feedback:
    """Tell an evaluation. Results that say the same are told once, with the names of all their cases."""
    limits = limits or FeedbackLimits()
    failing = [r for r in evaluation.results if r.score < 1]
    groups = _grouped(failing, cases)
    sections: list[str] = []
    told = 0
    for group in groups[: limits.cases]:
        section = _section(group, cases, limits)
        if sections and tokens("\n\n".join([*sections, section])) > limits.tokens:
            break
        sections.append(shortened(section, limits.tokens))
        told += len(group)
    left_out = len(failing) - told
    if left_out:
        names = _names([r.case_id for group in groups[len(sections) :] for r in group], limits.names)
        sections.append(f"Left out here: {left_out} more failing case{'s' * (left_out > 1)} ({names}).")
    passing = [r for r in evaluation.results if r.score >= 1]
    return Feedback("\n\n".join(sections), _passing(passing, cases, limits), left_out)


def digest(evaluation: Evaluation, lines: int = 1) -> str:
    """What an evaluation says about its artifact, in a line or a few: what failed first, and how."""
    told = [f"not accepted: {first_line(evaluation.note)}"] if evaluation.rejected and evaluation.note else []
    seen: set[str] = set()
    for result in evaluation.results:
        what = first_line(result.feedback) or (f"got {_one_line(result.output)}" if result.output is not None else "")
        if result.score >= 1 or (what and normalised(what) in seen):
            continue
        seen.add(normalised(what))
        told.append(f"{result.case_id}: {what}" if what else f"{result.case_id} failed")
    more = len(told) - lines
    return "\n".join(told[:lines]) + (f" (and {more} more)" if more > 0 else "")


def _grouped(results: Sequence[CaseResult], cases: Mapping[str, Case]) -> list[list[CaseResult]]:
    """Results that read the same together, in the order of their first."""
    groups: dict[tuple[str, ...], list[CaseResult]] = {}
    for result in results:
        case = cases.get(result.case_id)
        given = () if case is None else (_text(case.input), _text(case.expected))
        key = (result.error, normalised(result.feedback), normalised(result.output), *given)
        groups.setdefault(key, []).append(result)
    return list(groups.values())


def _section(group: Sequence[CaseResult], cases: Mapping[str, Case], limits: FeedbackLimits) -> str:
    first = group[0]
    case = cases.get(first.case_id, Case(id=first.case_id))
    lines = [f"Case {first.case_id}" + (f" (score {first.score:.2f})" if first.score > 0 else "")]
    fields = {
        "Input": _text(case.input),
        "Expected": _text(case.expected),
        "Got": _text(first.output),
        "Error": "" if first.error == "none" else first.error,
        "Feedback": first.feedback.strip(),
    }
    for label, text in fields.items():
        if text:
            said = shortened(text, limits.case_tokens)
            lines.append(f"{label}:\n{said}" if "\n" in said else f"{label}: {said}")
    if len(group) > 1:
        lines.append(f"The same in {len(group) - 1} more: {_names([r.case_id for r in group[1:]], limits.names)}")
    return "\n".join(lines)


def _passing(results: Sequence[CaseResult], cases: Mapping[str, Case], limits: FeedbackLimits) -> str:
    if not results or not limits.passing:
        return ""
    lines: list[str] = []
    for result in results[: limits.passing]:
        case = cases.get(result.case_id)
        given = "" if case is None or case.input is None else f": {_one_line(case.input)}"
        got = "" if result.output is None else f" -> {_one_line(result.output)}"
        lines.append(f"{result.case_id}{given}{got}")
    more = len(results) - limits.passing
    return "\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])


def _names(ids: Sequence[str], most: int) -> str:
    shown = ", ".join(ids[:most])
    return f"{shown} and {len(ids) - most} more" if len(ids) > most else shown


def _text(value: JsonValue) -> str:
    """A string as it is, everything else as JSON; nothing for null."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _one_line(value: JsonValue) -> str:
    return first_line(_text(value), 120)
