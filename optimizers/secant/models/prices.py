"""What models cost, from the table in litellm's package. Its data file is read; litellm itself is not imported."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from secant.models.contract import Price
from secant.types import Usage

CAPS = ("max_tokens", "max_completion_tokens")
"""Parameters that limit how long an answer may be."""
_THINKING = 4
_TABLE = "model_prices_and_context_window_backup.json"


@cache
def table() -> Mapping[str, Mapping[str, Any]]:
    """Empty where litellm is not installed or its table cannot be read: then every price is unknown."""
    spec = importlib.util.find_spec("litellm")
    if spec is None or spec.origin is None:
        return {}
    try:
        return json.loads((Path(spec.origin).parent / _TABLE).read_bytes())
    except (OSError, ValueError):
        return {}


def entry(model: str, prices: Mapping[str, Mapping[str, Any]] | None = None) -> Mapping[str, Any] | None:
    """What the table says about a model, by its litellm name or without the provider's."""
    known = table() if prices is None else prices
    return known.get(model) or known.get(model.partition("/")[2])


def answer_cap(model: str, default: int, prices: Mapping[str, Mapping[str, Any]] | None = None) -> int:
    """The `max_tokens` for a model that was given none: more where it thinks first, never more than it can write."""
    known = entry(model, prices) or {}
    wanted = _THINKING * default if known.get("supports_reasoning") else default
    most = known.get("max_output_tokens")
    return min(wanted, most) if isinstance(most, int) and most > 0 else wanted


def price(model: str, prices: Mapping[str, Mapping[str, Any]] | None = None) -> Price | None:
    """Dollars for a token of this model (a litellm name), at most; None where it is not known.

    Where a model costs more for long prompts or for reasoning, the highest price counts: what it is used for is a cap.
    """
    return _of_table(model) if prices is None else _price(entry(model, prices))


@cache
def _of_table(model: str) -> Price | None:
    """Every request asks for it twice."""
    return _price(entry(model))


def _price(known: Mapping[str, Any] | None) -> Price | None:
    if known is None:
        return None
    prompt = _highest(known, "input_cost_per_token")
    completion = _highest(known, "output_cost_per_token", "output_cost_per_reasoning_token")
    return None if prompt is None or completion is None else Price(prompt, completion)


def _highest(known: Mapping[str, Any], *names: str) -> float | None:
    """The base price or its dearest surcharge; None without a base price."""
    if not isinstance(known.get(names[0]), (int, float)):
        return None
    found = [v for k, v in known.items() if k in names or k.startswith(f"{names[0]}_above_")]
    return float(max(v for v in found if isinstance(v, (int, float))))


def cost(price: Price | None, prompt_tokens: int, completion_tokens: int) -> float | None:
    """Dollars; None where the price is not known."""
    return None if price is None else price.prompt * prompt_tokens + price.completion * completion_tokens


def priced(usage: Usage, price: Price | None) -> Usage:
    """The same usage with its cost."""
    if price is None and usage.usd is None:
        return usage
    return with_cost(usage, cost(price, usage.prompt_tokens, usage.completion_tokens))


def with_cost(usage: Usage, usd: float | None) -> Usage:
    """The same usage at so many dollars, an upper bound for the calls that came back without a bill."""
    share = usage.unbilled / usage.calls if usage.calls else 0.0
    return usage.model_copy(update={"usd": usd, "unbilled_usd": share * (usd or 0.0)})
