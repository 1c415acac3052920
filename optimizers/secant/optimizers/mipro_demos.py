"""Demonstrations: which cases may be shown in a prompt, in which sets, and how they stand in its text.

A demonstration is a fit case with an answer that was right: bootstrapped from what the program itself answered, which
has its way of getting there in it, or labelled, with what the data expect. What is too long is passed over, never cut:
a cut example would be a false one.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from secant.optimizer import Context
from secant.prompting.exemplars import shown
from secant.prompting.measure import tokens
from secant.prompting.template import SUFFIX, fill
from secant.types import Case, Evaluation, Frozen, Part


class Demonstration(Frozen):
    """A fit case and a right answer to it."""

    case: str
    answer: str


Demonstrations = tuple[Demonstration, ...]


def bootstrapped(evaluations: Sequence[Evaluation], fit: Mapping[str, Case], most: int) -> Demonstrations:
    """One for each fit case that was answered rightly, with the first right answer; both sides have `most` tokens."""
    found: dict[str, Demonstration] = {}
    for result in (r for e in evaluations for r in e.results):
        case = fit.get(result.case_id)
        if case is None or result.score < 1 or result.output is None or case.id in found:
            continue
        demonstration = Demonstration(case=case.id, answer=shown(result.output))
        if _fits(demonstration, case, most):
            found[case.id] = demonstration
    return tuple(found.values())


def labelled(fit: Mapping[str, Case], most: int) -> Demonstrations:
    """One for each fit case of which the data say what is right."""
    known = [(case, Demonstration(case=case.id, answer=shown(case.expected))) for case in fit.values() if case.expected]
    return tuple(demonstration for case, demonstration in known if _fits(demonstration, case, most))


def sets(
    answered: Demonstrations, labels: Demonstrations, *, size: int, count: int, rng: random.Random
) -> tuple[Demonstrations, ...]:
    """Up to `count` different sets of 1 to `size`: labelled ones first in one set, then bootstrapped samples.

    After MIPROv2, whose sets are: none, labelled only, the first bootstrapped ones, and shuffles of random size.
    """
    found: dict[Demonstrations, None] = {}
    if labels and count:
        found[tuple(rng.sample(labels, min(size, len(labels))))] = None
    for number in range(4 * count if answered else 0):
        if len(found) >= count:
            break
        wanted = min(len(answered), size if number == 0 else rng.randint(1, size))
        found[tuple(rng.sample(answered, wanted))] = None
    return tuple(found)


def rendered(part: Part, demonstrations: Demonstrations, ctx: Context, *, block: str, example: str) -> str:
    """The part's text with a block of examples: before the paragraph in which the first value is filled in, or else
    at the end.
    """
    if not demonstrations:
        return part.text
    inputs = {case.id: shown(case.input) for case in ctx.cases.get("fit", ())}
    told = "\n\n".join(
        fill(example, {"input": inputs[d.case], "answer": d.answer, SUFFIX: ""})
        for d in demonstrations
        if d.case in inputs
    )
    written = fill(block, {"examples": told, SUFFIX: ""})
    places = [part.text.index(token) for token in part.must_keep if token in part.text]
    if not places:
        body = part.text.rstrip("\n")
        return f"{body}\n\n{written}{part.text[len(body) :]}"
    ahead = part.text[: min(places)]
    start = ahead.rfind("\n\n") + 2 if "\n\n" in ahead else 0
    return f"{part.text[:start]}{written}\n\n{part.text[start:]}"


def _fits(demonstration: Demonstration, case: Case, most: int) -> bool:
    return tokens(shown(case.input)) <= most and 0 < tokens(demonstration.answer) <= most
