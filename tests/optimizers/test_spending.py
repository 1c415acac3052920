"""What models cost, in words."""

from __future__ import annotations

import pytest

from secant.spending import by_level, cost, dollars, in_short, total, without_bill
from secant.types import Usage


@pytest.mark.parametrize(
    ("usd", "said"),
    [
        (None, "cost unknown"),
        (0.0, "$0.00"),
        (0.0123, "$0.0123"),
        (12.3, "$12.30"),
        (0.00034, "$0.00034"),
        (3.41e-05, "$0.000034"),
    ],
)
def test_dollars(usd: float | None, said: str) -> None:
    assert dollars(usd) == said


def test_one_unknown_price_makes_the_total_unknown() -> None:
    usage = {"program": Usage(calls=2, usd=0.5), "optimizer": Usage(calls=1, usd=None)}
    assert total(usage).usd is None
    assert in_short(usage) == "3 calls, cost unknown"


def test_nothing_is_said_where_no_model_was_asked() -> None:
    assert in_short({}) == ""


LENT = Usage(calls=12, usd=None, lent=12)


def test_requests_to_an_editors_models_are_counted_without_a_price() -> None:
    assert in_short({"optimizer": LENT}) == "12 requests to your editor's models"
    assert in_short({"optimizer": LENT}, 20) == "12 of 20 requests to your editor's models"
    assert cost(LENT) == "requests of your plan"
    assert cost(Usage(calls=1, usd=None)) == "unknown"
    assert cost(Usage(calls=1, usd=0.0123)) == "0.0123"


def test_what_was_paid_beside_them_keeps_its_price() -> None:
    usage = {"program": Usage(calls=3, usd=0.004), "optimizer": LENT}
    assert in_short(usage) == "15 calls (12 of them to your editor's models), $0.0040"
    assert by_level(usage) == "program 3, optimizer 12"
    assert by_level({"optimizer": LENT, "program": Usage()}) == ""


def test_what_no_reply_told_is_an_upper_bound_and_said_to_be_one() -> None:
    measured, lost = Usage(calls=2, usd=0.0017), Usage(calls=1, usd=0.1383, unbilled=1, unbilled_usd=0.1383)
    assert in_short({"program": measured + lost}) == "3 calls, at most $0.1400 ($0.0017 measured)"
    assert in_short({"program": measured, "optimizer": lost}, 9) == "3 of 9 calls, at most $0.1400 ($0.0017 measured)"
    assert in_short({"program": lost + lost}) == "2 calls, at most $0.2766"
    assert cost(measured + lost) == "at most 0.1400"
    assert in_short({"program": lost + Usage(calls=1, usd=None)}) == "2 calls, cost unknown"
    assert without_bill(1).startswith("Of 1 call no reply said what it took")


def test_a_cap_is_said_beside_what_was_used() -> None:
    assert in_short({"optimizer": Usage(calls=3, usd=0.004)}, 20) == "3 of 20 calls, $0.0040"
    assert in_short({"optimizer": Usage(calls=1, usd=0.0)}, 1) == "1 of 1 call, $0.00"
