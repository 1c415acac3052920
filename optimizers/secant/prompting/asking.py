"""Asking a model for new versions: all proposals of a step at once, and once more where only the form was wrong.

The second request is the first with one sentence about the form behind it, so it costs no more than a new attempt. What
stays unusable is a reply with its problem and its raw text; nothing is raised and nothing is asked a third time. (The
published optimizers stop at a reply without tags, or take all of it for the new text, or ask for ever.)

An optimizer may object to a usable text too (`Objection`): it is asked for once more in the same way, and the one that
there is less to say against is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from secant.budget import BudgetExhausted
from secant.optimizer import BudgetView, Completion, LanguageModel
from secant.prompting.parse import read
from secant.prompting.render import Prompt
from secant.prompting.replies import ASK_AGAIN, Expected, Reply
from secant.prompting.template import SUFFIX, fill


class Objection(NamedTuple):
    """Why a usable text should be another."""

    weight: int
    """The larger the worse; comparable between the texts of one request."""
    remark: str
    """What is said behind the second request."""


Objecting = Callable[[str], Objection | None]
"""What there is against a usable text; None where it is good."""


class Request(NamedTuple):
    """A request, and what a usable answer to it holds."""

    prompt: Prompt
    expected: Expected


def content(text: str) -> Objection | None:
    """Nothing against any text."""
    return None


def ask(
    model: LanguageModel,
    budget: BudgetView,
    prompt: Prompt,
    expected: Expected,
    *,
    count: int,
    again: str | None,
    objection: Objecting = content,
) -> Sequence[Reply]:
    """`count` replies to one request, fewer where the budget has no more.

    `again` is the template of the remark behind a second request; without it there is none.

    Raises BudgetExhausted where not even one call is left.
    """
    left = budget.remaining("calls")
    count = count if left is None else max(1, min(count, int(left)))
    completions = _as_many(model, prompt, count)
    asked = [Request(prompt, expected)] * len(completions)
    return _once_more(model, budget, asked, _read(asked, completions), again, objection)


def _as_many(model: LanguageModel, prompt: Prompt, count: int) -> Sequence[Completion]:
    """So many answers, or half as many where money or tokens do not suffice, and again, down to one."""
    try:
        return model.complete("optimizer", prompt.messages, n=count, purpose="update")
    except BudgetExhausted as exhausted:
        if count == 1 or exhausted.what not in ("usd", "tokens"):
            raise
        return _as_many(model, prompt, count // 2)


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
    return _once_more(model, budget, asked, _read(asked, completions), again, content)


def _read(asked: Sequence[Request], completions: Sequence[Completion]) -> list[Reply]:
    return [read(c, each.expected, f"NOTE{each.prompt.suffix}") for each, c in zip(asked, completions, strict=True)]


def _once_more(
    model: LanguageModel,
    budget: BudgetView,
    asked: Sequence[Request],
    replies: Sequence[Reply],
    again: str | None,
    objection: Objecting,
) -> Sequence[Reply]:
    """The replies, those with a fault of form or an objection asked for once more, as far as the calls go."""
    if again is None:
        return replies
    remarks = {n: _remark(reply, asked[n].prompt, again, objection) for n, reply in enumerate(replies)}
    faulty = [n for n, remark in remarks.items() if remark]
    left = budget.remaining("calls")
    faulty = faulty if left is None else faulty[: int(left)]
    if not faulty:
        return replies
    batches = [asked[n].prompt.asked_again(remarks[n]) for n in faulty]
    try:
        completions = model.complete_many("optimizer", batches, purpose="reask")
    except BudgetExhausted:  # of tokens or money: the replies that were paid are not lost over it
        return replies
    taken = list(replies)
    for n, reply in zip(faulty, _read([asked[n] for n in faulty], completions), strict=True):
        taken[n] = _better(replies[n], reply, objection)
    return taken


def _remark(reply: Reply, prompt: Prompt, again: str, objection: Objecting) -> str:
    if reply.problem in ASK_AGAIN:
        return fill(again, {"detail": reply.detail, SUFFIX: prompt.suffix})
    against = objection(reply.value) if reply.ok else None
    return "" if against is None else against.remark


def _better(first: Reply, second: Reply, objection: Objecting) -> Reply:
    """The second answer, unless only the first is usable or there is less to say against it."""
    if not first.ok:
        return second
    if not second.ok or _weight(first, objection) < _weight(second, objection):
        return first
    return second


def _weight(reply: Reply, objection: Objecting) -> int:
    against = objection(reply.value)
    return 0 if against is None else against.weight
