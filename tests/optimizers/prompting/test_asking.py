"""How many answers are asked for where the budget does not hold them all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from secant.budget import Budget, BudgetExhausted, What
from secant.optimizer import Completion
from secant.prompting.asking import ask
from secant.prompting.render import Prompt
from secant.prompting.replies import Expected

PROMPT = Prompt("", "Write it.", "", "")


class Poor:
    """Has money, or whatever else, for so many answers at once."""

    def __init__(self, most: int, what: What) -> None:
        self._most = most
        self._what = what

    def complete(self, level: str, messages: object, *, n: int = 1, purpose: str = "") -> Sequence[Completion]:
        if n > self._most:
            raise BudgetExhausted(self._what)
        return [Completion(id=str(i), text="<IMPROVED>\nBe kind.\n</IMPROVED>") for i in range(n)]


@pytest.mark.parametrize(("most", "got"), [(8, 8), (5, 4), (1, 1)])
def test_where_money_does_not_suffice_for_all_fewer_are_asked_for(most: int, got: int) -> None:
    replies = ask(Poor(most, "usd"), Budget(), PROMPT, Expected(current="Be."), count=8, again=None)
    assert [reply.value for reply in replies] == ["Be kind."] * got


@pytest.mark.parametrize(("most", "what"), [(0, "usd"), (4, "seconds")])
def test_where_it_suffices_for_none_or_time_is_over_nothing_more_is_asked(most: int, what: What) -> None:
    with pytest.raises(BudgetExhausted):
        ask(Poor(most, what), Budget(), PROMPT, Expected(current="Be."), count=8, again=None)
