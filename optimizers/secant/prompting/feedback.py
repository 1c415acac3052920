"""What was measured, in words for a model: what fails and how, what passes and must stay, what was left out.

Bounded, without repetition, in the order of the cases, so that the same evaluation always reads the same. TextGrad
joins all feedback in the order of a set and cuts every text to its first and last ten words; nothing of that is here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import Field, JsonValue

from secant.prompting.exemplars import says_more, shown
from secant.prompting.measure import first_line, shortened, tokens
from secant.search.similarity import normalised
from secant.types import Case, CaseResult, Evaluation, Frozen

_REPEATED_LINES = 2


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
    told = _told(groups, cases, limits)
    sections = [told[number] for number in sorted(told)]
    rest = [r.case_id for number, group in enumerate(groups) if number not in told for r in group]
    if rest:
        some = names(rest, limits.names)
        sections.append(f"Left out here: {len(rest)} more failing case{'s' * (len(rest) > 1)} ({some}).")
    passing = [r for r in evaluation.results if r.score >= 1]
    return Feedback("\n\n".join(sections), _passing(passing, cases, limits), len(rest))


def _told(groups: Sequence[Sequence[CaseResult]], cases: Mapping[str, Case], limits: FeedbackLimits) -> dict[int, str]:
    """The sections by the place of their group: first one of every family, then the second of each, while there is
    room. What a section repeats from the one before it in its family is left out, and it says so.
    """
    turns: dict[str, int] = {}
    order: list[tuple[int, int]] = []
    for number, group in enumerate(groups):
        family = _family(group[0])
        turns[family] = turns.get(family, -1) + 1
        order.append((turns[family], number))
    told: dict[int, str] = {}
    first: dict[str, CaseResult] = {}
    used = 0
    for _, number in sorted(order)[: limits.cases]:
        group = groups[number]
        section = shortened(_section(group, cases, limits, first.get(_family(group[0]))), limits.tokens)
        used += tokens(section) + 1
        if told and used > limits.tokens:
            break
        first.setdefault(_family(group[0]), group[0])
        told[number] = section
    return told


def _family(result: CaseResult) -> str:
    """Cases that differ in what stands in brackets are one test with several parameters."""
    return result.case_id.partition("[")[0]


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
        given = () if case is None else (_given(case.input), _text(case.expected))
        key = (result.error, normalised(result.feedback), normalised(result.output), *given)
        groups.setdefault(key, []).append(result)
    return list(groups.values())


def _section(
    group: Sequence[CaseResult], cases: Mapping[str, Case], limits: FeedbackLimits, before: CaseResult | None
) -> str:
    first = group[0]
    case = cases.get(first.case_id) or Case(id=first.case_id)
    lines = [f"Case {first.case_id}" + (f" (score {first.score:.2f})" if first.score > 0 else "")]
    expected, got = _text(case.expected), _text(first.output)
    said = first.feedback.strip() if before is None else _news(first, before)
    fields = {
        "Input": _given(case.input),
        "Expected": expected,
        "Got": got,
        "Error": "" if first.error == "none" else first.error,
        "Feedback": said if says_more(said, expected, got) else "",
    }
    for label, text in fields.items():
        if text:
            said = shortened(text, limits.case_tokens)
            lines.append(f"{label}:\n{said}" if "\n" in said else f"{label}: {said}")
    if len(group) > 1:
        lines.append(f"The same in {len(group) - 1} more: {names([r.case_id for r in group[1:]], limits.names)}")
    return "\n".join(lines)


def _news(result: CaseResult, before: CaseResult) -> str:
    """The feedback without the lines at its end that the other case of the family ends with too."""
    lines, known = result.feedback.strip().splitlines(), before.feedback.strip().splitlines()
    same = 0
    while same < min(len(lines), len(known)) and lines[-1 - same] == known[-1 - same]:
        same += 1
    if same < _REPEATED_LINES or same == len(lines):
        return "\n".join(lines)
    return "\n".join([*lines[: len(lines) - same], f"(The rest is as in case {before.case_id}.)"])


def _passing(results: Sequence[CaseResult], cases: Mapping[str, Case], limits: FeedbackLimits) -> str:
    if not results or not limits.passing:
        return ""
    lines: list[str] = []
    for result in results[: limits.passing]:
        case = cases.get(result.case_id)
        given = "" if case is None or case.input is None else f": {_one_line(_given(case.input))}"
        got = "" if result.output is None else f" -> {_one_line(result.output)}"
        lines.append(f"{result.case_id}{given}{got}")
    more = len(results) - limits.passing
    return "\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])


def names(ids: Sequence[str], most: int) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(ids[:most])
    return f"{shown} and {len(ids) - most} more" if len(ids) > most else shown


def _given(value: JsonValue) -> str:
    """What went in, as a reader wants it: of a case with one field its text."""
    return shown(value) if isinstance(value, dict) else _text(value)


def _text(value: JsonValue) -> str:
    """A string as it is, everything else as JSON; nothing for null."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _one_line(value: JsonValue) -> str:
    return first_line(_text(value), 120)
