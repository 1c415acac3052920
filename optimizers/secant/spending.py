"""What models cost, in words: calls, tokens, dollars. An unknown price is said, and is never 0."""

from __future__ import annotations

from collections.abc import Mapping

from secant.types import Usage


def total(usage: Mapping[str, Usage]) -> Usage:
    """All levels together; `usd` is None where one of them is not known."""
    whole = Usage()
    for each in usage.values():
        whole = whole + each
    return whole


def dollars(usd: float | None) -> str:
    """`$0.0123`, `$12.30`, or that the price is not known."""
    if usd is None:
        return "cost unknown"
    return f"${usd:.2f}" if usd >= 1 or usd == 0 else f"${usd:.4f}"


def in_short(usage: Mapping[str, Usage]) -> str:
    """`12 calls, $0.0123`; empty where no model was asked."""
    spent = total(usage)
    if not spent.calls:
        return ""
    calls = "1 call" if spent.calls == 1 else f"{spent.calls:,} calls"
    return f"{calls}, {dollars(spent.usd)}"
