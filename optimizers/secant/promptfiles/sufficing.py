"""Whether the caps of a run on a prompt suffice for anything, said before anything is paid for.

A cap that cannot be kept, or leaves room for nothing, is a wrong request. One that is used up later is an outcome.
"""

from __future__ import annotations

from collections.abc import Sequence

from secant.budget import Budget, BudgetExhausted
from secant.errors import BadRequest
from secant.events import Finished
from secant.forecasting import Priced
from secant.optimizer import LanguageModel
from secant.promptfiles.telling import Teller
from secant.spending import without_price
from secant.types import Level

_CALLS = "Limit the calls instead: --max-calls."
_MORE = {"usd": "Allow more dollars: --max-usd.", "seconds": "Allow more time: --max-seconds."}


def require_prices(model: LanguageModel, levels: Sequence[Level], budget: Budget) -> None:
    """Raises BadRequest where dollars are limited and a model that will be asked has no price."""
    if budget.limits.usd is None or not isinstance(model, Priced):
        return
    for level in levels:
        if model.price(level) is None:
            name = model.settings(level).model
            raise BadRequest(f"{without_price(name)}, so a limit in dollars cannot be kept", hint=_CALLS)


def require_calls(due: int, budget: Budget) -> None:
    """Raises BudgetExhausted where more calls are due than are allowed."""
    left = budget.remaining("calls")
    if left is not None and due > left:
        of = f"of the {budget.limits.calls} calls that are allowed {left:g} are left"
        raise BudgetExhausted("calls", f"{of}, and {due} are due")


def require_dollars(single: float, budget: Budget) -> None:
    """Raises BudgetExhausted where the dollars do not suffice for one request."""
    left = budget.remaining("usd")
    if left is not None and single > left:
        of = f"of the {budget.limits.usd:g} dollars that are allowed {left:.3g} are left"
        raise BudgetExhausted("usd", f"{of}, and one request may take {single:.3g}")


def insufficient(exhausted: BudgetExhausted, least: int, teller: Teller, budget: Budget) -> Finished:
    """The outcome where a cap ended the run before there was a score. Raises BadRequest where nothing was paid yet."""
    enough = f"It needs at least {least} calls: --max-calls." if exhausted.what == "calls" else ""
    told = teller.unbegun(str(exhausted), enough or _MORE.get(exhausted.what, ""))
    if not any(spent.calls for spent in budget.usage.values()):
        raise BadRequest(told.reason, hint=told.hint) from exhausted
    return told
