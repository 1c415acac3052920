"""What models cost, in words."""

from __future__ import annotations

import pytest

from secant.spending import dollars, in_short, total
from secant.types import Usage


@pytest.mark.parametrize(
    ("usd", "said"), [(None, "cost unknown"), (0.0, "$0.00"), (0.0123, "$0.0123"), (12.3, "$12.30")]
)
def test_dollars(usd: float | None, said: str) -> None:
    assert dollars(usd) == said


def test_one_unknown_price_makes_the_total_unknown() -> None:
    usage = {"program": Usage(calls=2, usd=0.5), "optimizer": Usage(calls=1, usd=None)}
    assert total(usage).usd is None
    assert in_short(usage) == "3 calls, cost unknown"


def test_nothing_is_said_where_no_model_was_asked() -> None:
    assert in_short({}) == ""
