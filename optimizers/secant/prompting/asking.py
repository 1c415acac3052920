"""Asking a model for new versions: all proposals of a step at once, and once more where only the form was wrong.

The second request is the first with one sentence about the form behind it, so it costs no more than a new attempt. What
stays unusable is a reply with its problem and its raw text; nothing is raised and nothing is asked a third time. (The
published optimizers stop at a reply without tags, or take all of it for the new text, or ask for ever.)
"""

from __future__ import annotations

from collections.abc import Sequence

from secant.optimizer import BudgetView, LanguageModel
from secant.prompting.parse import read
from secant.prompting.render import SUFFIX, Prompt, fill
from secant.prompting.replies import ASK_AGAIN, Expected, Reply


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
    replies = [read(c, expected, f"NOTE{prompt.suffix}") for c in completions]
    faulty = [n for n, reply in enumerate(replies) if reply.problem in ASK_AGAIN]
    left = budget.remaining("calls")
    faulty = faulty if left is None else faulty[: int(left)]
    if again is None or not faulty:
        return replies
    batches = [prompt.asked_again(fill(again, {"detail": replies[n].detail, SUFFIX: prompt.suffix})) for n in faulty]
    for n, completion in zip(faulty, model.complete_many("optimizer", batches, purpose="reask"), strict=True):
        replies[n] = read(completion, expected, f"NOTE{prompt.suffix}")
    return replies
