"""What models cost, in words: calls, tokens, dollars. An unknown price is said, and is never 0.

Calls to a model that the user's editor lends have no price: they are requests of the user's plan, and are counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from secant.events import Forecast
from secant.models.contract import LENT
from secant.types import Usage

_ROUNDING = 1e-12
"""What a sum of dollars may be off."""


def total(usage: Mapping[str, Usage]) -> Usage:
    """All levels together; `usd` is None where one of them is not known."""
    whole = Usage()
    for each in usage.values():
        whole = whole + each
    return whole


def dollars(usd: float | None) -> str:
    """`$0.0123`, `$12.30`, `$0.000034`, or that the price is not known."""
    if usd is None:
        return "cost unknown"
    return f"${usd:.2f}" if usd >= 1 or usd == 0 else f"${_part(usd)}"


def paid(spent: Usage) -> str:
    """`$0.0123`; where some replies did not say what they took: `at most $0.14 ($0.0017 measured)`."""
    if spent.usd is None or not spent.unbilled:
        return dollars(spent.usd)
    measured = spent.usd - spent.unbilled_usd
    beside = f" ({dollars(measured)} measured)" if measured > _ROUNDING else ""
    return f"at most {dollars(spent.usd)}{beside}"


def cost(spent: Usage) -> str:
    """`0.0123`, `at most 0.14`, `unknown`, or of models of an editor `requests of your plan`: for a table's column."""
    if spent.calls and spent.lent == spent.calls:
        return "requests of your plan"
    return "unknown" if spent.usd is None else bounded(_part(spent.usd), spent)


def bounded(figure: str, spent: Usage) -> str:
    """The figure, marked where some of it is only the most that it can be."""
    return f"at most {figure}" if spent.unbilled else figure


def _part(usd: float) -> str:
    """With four decimals, and with more where two digits need them: what was paid is never shown as nothing."""
    decimals = max(4, 1 - math.floor(math.log10(usd))) if usd > 0 else 4
    return f"{usd:.{decimals}f}"


def in_short(usage: Mapping[str, Usage], most_calls: int | None = None) -> str:
    """`12 of 20 calls, $0.0123` (or at most so much); `12 requests to your editor's models`; empty where nobody was
    asked.
    """
    asked = [spent for spent in usage.values() if spent.calls]
    if not asked:
        return ""
    calls, lent = sum(s.calls for s in asked), sum(s.lent for s in asked)
    if lent == calls:
        return f"{_of(calls, most_calls, 'request')} to your editor's models"
    own = total({str(n): s for n, s in enumerate(asked) if s.lent < s.calls})
    beside = f" ({lent:,} of them to your editor's models)" if lent else ""
    return f"{_of(calls, most_calls, 'call')}{beside}, {paid(own)}"


def without_bill(unbilled: int) -> str:
    """Why a figure is only an upper bound."""
    calls = "1 call" if unbilled == 1 else f"{unbilled:,} calls"
    return f"Of {calls} no reply said what it took: booked at the most that it can be, which the caps count too."


def by_level(usage: Mapping[str, Usage]) -> str:
    """`program 2, optimizer 10`: the calls of each level; empty where fewer than two were asked."""
    asked = {level: spent.calls for level, spent in usage.items() if spent.calls}
    return ", ".join(f"{level} {calls:,}" for level, calls in asked.items()) if len(asked) > 1 else ""


def without_price(model: str) -> str:
    """Why there are no dollars to be counted."""
    if model.startswith(LENT):
        return f"{model} is counted in requests and has no price"
    return f"the price of {model} is not known"


def foretold(event: Forecast) -> str:
    """What a run will probably ask and cost, in a sentence without its stop."""
    names = " and ".join(dict.fromkeys(event.models.values()))
    if event.most_usd is not None and event.usd is None:
        return f"{names} will not be asked: {without_price(names)}, and {dollars(event.most_usd)} are the limit"
    if event.lent == event.calls:
        asked = f"about {_of(event.calls, None, 'request')} of your plan"
    else:
        price = "a cost that is not known" if event.usd is None else f"about {dollars(event.usd)}"
        asked = f"about {_of(event.calls, None, 'call')}, {price}"
    caps = [_of(event.most_calls, None, "call")] if event.most_calls is not None else []
    caps += [dollars(event.most_usd)] if event.most_usd is not None else []
    capped = f"; never more than {' and '.join(caps)}" if caps else ""
    return f"{names} may be asked: {asked}{capped}"


def _of(number: int, most: int | None, noun: str) -> str:
    """`1 call`, `2 calls`, `2 of 20 calls`."""
    if most is not None:
        return f"{number:,} of {most:,} {noun}{'' if most == 1 else 's'}"
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
