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
from secant.optimizer import BudgetView, LanguageModel
from secant.prompting.parse import read
from secant.prompting.render import SUFFIX, Prompt, fill
from secant.prompting.replies import ASK_AGAIN, Expected, Reply


class Objection(NamedTuple):
    """Why a usable text should be another."""

    weight: int
    """The larger the worse; comparable between the texts of one request."""
    remark: str
    """What is said behind the second request."""


Objecting = Callable[[str], Objection | None]
"""What there is against a usable text; None where it is good."""


def _content(text: str) -> Objection | None:
    return None


def ask(
    model: LanguageModel,
    budget: BudgetView,
    prompt: Prompt,
    expected: Expected,
    *,
    count: int,
    again: str | None,
    objection: Objecting = _content,
) -> Sequence[Reply]:
    """`count` replies to one request, fewer where the budget of calls has no more.

    `again` is the template of the remark behind a second request; without it there is none.

    Raises BudgetExhausted where not even one call is left.
    """
    left = budget.remaining("calls")
    count = count if left is None else max(1, min(count, int(left)))
    completions = model.complete("optimizer", prompt.messages, n=count, purpose="update")
    replies = [read(c, expected, f"NOTE{prompt.suffix}") for c in completions]
    return replies if again is None else _again(model, budget, [prompt] * count, expected, replies, again, objection)


def ask_each(
    model: LanguageModel,
    budget: BudgetView,
    prompts: Sequence[Prompt],
    expected: Sequence[Expected],
    *,
    count: int,
    again: str | None,
) -> Sequence[Sequence[Reply]]:
    """`count` replies to each of several requests, all at the same time; the last ones are left out where the budget
    of calls has no more. Raises BudgetExhausted where not even one call is left.
    """
    asked = [number for number in range(len(prompts)) for _ in range(count)]
    left = budget.remaining("calls")
    asked = asked if left is None else asked[: max(1, int(left))]
    completions = model.complete_many("optimizer", [prompts[n].messages for n in asked], purpose="update")
    replies = [
        read(completion, expected[n], f"NOTE{prompts[n].suffix}")
        for n, completion in zip(asked, completions, strict=True)
    ]
    if again is not None:
        replies = _again(
            model, budget, [prompts[n] for n in asked], [expected[n] for n in asked], replies, again, _content
        )
    return [[r for n, r in zip(asked, replies, strict=True) if n == number] for number in range(len(prompts))]


def _again(
    model: LanguageModel,
    budget: BudgetView,
    prompts: Sequence[Prompt],
    expected: Expected | Sequence[Expected],
    replies: Sequence[Reply],
    again: str,
    objection: Objecting,
) -> Sequence[Reply]:
    """The replies, those with a fault of form or an objection asked for once more, as far as the calls go."""
    remarks = {n: _remark(reply, prompts[n], again, objection) for n, reply in enumerate(replies)}
    faulty = [n for n, remark in remarks.items() if remark]
    left = budget.remaining("calls")
    faulty = faulty if left is None else faulty[: int(left)]
    if not faulty:
        return replies
    batches = [prompts[n].asked_again(remarks[n]) for n in faulty]
    try:
        completions = model.complete_many("optimizer", batches, purpose="reask")
    except BudgetExhausted:  # of tokens or money: the replies that were paid are not lost over it
        return replies
    taken = list(replies)
    for n, completion in zip(faulty, completions, strict=True):
        wanted = expected if isinstance(expected, Expected) else expected[n]
        taken[n] = _better(replies[n], read(completion, wanted, f"NOTE{prompts[n].suffix}"), objection)
    return taken


def _remark(reply: Reply, prompt: Prompt, again: str, objection: Objecting) -> str:
    if reply.problem in ASK_AGAIN:
        return fill(again, {"detail": reply.detail, SUFFIX: prompt.suffix})
    against = objection(reply.value) if reply.ok else None
    return "" if against is None else against.remark


def _better(first: Reply, second: Reply, objection: Objecting) -> Reply:
    """The second, unless it cannot be used and the first can, or there is more to say against it."""
    if not first.ok:
        return second
    return first if not second.ok or _weight(second, objection) > _weight(first, objection) else second


def _weight(reply: Reply, objection: Objecting) -> int:
    against = objection(reply.value)
    return 0 if against is None else against.weight
