"""Asking a model for new versions: all proposals of a step at once, and once more where only the form was wrong.

The second request is the first with one sentence about the form behind it, so it costs no more than a new attempt. What
stays unusable is a reply with its problem and its raw text; nothing is raised and nothing is asked a third time. (The
published optimizers stop at a reply without tags, or take all of it for the new text, or ask for ever.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from secant.optimizer import BudgetView, Completion, LanguageModel
from secant.prompting.parse import read
from secant.prompting.render import SUFFIX, Prompt, fill
from secant.prompting.replies import ASK_AGAIN, Expected, Reply


class Request(NamedTuple):
    """A request, and what a usable answer to it holds."""

    prompt: Prompt
    expected: Expected


def ask(
    model: LanguageModel,
    budget: BudgetView,
    prompt: Prompt,
    expected: Expected,
    *,
    count: int,
    again: str | None,
) -> Sequence[Reply]:
    """`count` replies to one request, fewer where the budget of calls has no more.

    `again` is the template of the remark behind a second request; without it there is none.

    Raises BudgetExhausted where not even one call is left.
    """
    left = budget.remaining("calls")
    count = count if left is None else max(1, min(count, int(left)))
    completions = model.complete("optimizer", prompt.messages, n=count, purpose="update")
    asked = [Request(prompt, expected)] * len(completions)
    return _once_more(model, budget, asked, _read(asked, completions), again)


def ask_each(
    model: LanguageModel, budget: BudgetView, requests: Sequence[Request], *, again: str | None
) -> Sequence[Reply]:
    """A reply to each of several requests, all asked at once; fewer where the budget of calls has no more.

    The same request twice is two samples. Raises BudgetExhausted where not even one call is left.
    """
    if not requests:
        return []
    left = budget.remaining("calls")
    asked = requests if left is None else requests[: max(1, int(left))]
    completions = model.complete_many("optimizer", [r.prompt.messages for r in asked], purpose="update")
    return _once_more(model, budget, asked, _read(asked, completions), again)


def _read(asked: Sequence[Request], completions: Sequence[Completion]) -> list[Reply]:
    return [read(c, each.expected, f"NOTE{each.prompt.suffix}") for each, c in zip(asked, completions, strict=True)]


def _once_more(
    model: LanguageModel, budget: BudgetView, asked: Sequence[Request], replies: list[Reply], again: str | None
) -> Sequence[Reply]:
    """The replies, those with a fault of form asked for a second time."""
    faulty = [n for n, reply in enumerate(replies) if reply.problem in ASK_AGAIN]
    left = budget.remaining("calls")
    faulty = faulty if left is None else faulty[: int(left)]
    if again is None or not faulty:
        return replies
    batches: list[list[dict[str, str]]] = []
    for n in faulty:
        prompt = asked[n].prompt
        batches.append(prompt.asked_again(fill(again, {"detail": replies[n].detail, SUFFIX: prompt.suffix})))
    completions = model.complete_many("optimizer", batches, purpose="reask")
    for n, reply in zip(faulty, _read([asked[n] for n in faulty], completions), strict=True):
        replies[n] = reply
    return replies
