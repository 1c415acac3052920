from __future__ import annotations

import pytest

from shop.pricing import Line, cheapest_packs, order_total

PENCILS = ((1, 60), (3, 150), (5, 230))


def test_an_empty_order_costs_nothing() -> None:
    assert order_total([]) == 0


def test_a_small_order_pays_shipping() -> None:
    assert order_total([Line("pen", 250, 2)]) == 500 + 490


def test_a_big_order_ships_free() -> None:
    assert order_total([Line("chair", 8900, 1)]) == 8900


def test_ten_pieces_are_cheaper() -> None:
    assert order_total([Line("pen", 200, 9)]) == 1800 + 490
    assert order_total([Line("pen", 200, 10)]) == 1900 + 490


def test_several_lines_reach_free_shipping_together() -> None:
    assert order_total([Line("lamp", 3000, 1), Line("shade", 2500, 1)]) == 5500


def test_the_smallest_line_may_come_last() -> None:
    assert order_total([Line("desk", 21900, 1), Line("pen", 250, 2)]) == 22400


def test_exactly_fifty_ships_free_with_a_volume_discount() -> None:
    assert order_total([Line("book", 1000, 3), Line("pad", 400, 5)]) == 5000
    assert order_total([Line("mug", 500, 10), Line("tea", 249, 1)]) == 4999 + 490


def test_a_voucher_can_cost_the_free_shipping() -> None:
    assert order_total([Line("lamp", 5200, 1)], voucher_percent=10) == 4680 + 490


def test_a_voucher_on_a_big_order() -> None:
    assert order_total([Line("desk", 20000, 1), Line("pen", 100, 1)], voucher_percent=20) == 16080


@pytest.mark.parametrize(
    ("pieces", "price"),
    [(0, 0), (1, 60), (2, 120), (3, 150), (4, 210), (5, 230), (6, 290), (8, 380), (11, 520), (24, 1130)],
)
def test_the_cheapest_packs(pieces: int, price: int) -> None:
    assert cheapest_packs(pieces, PENCILS) == price


def test_no_combination_of_packs() -> None:
    assert cheapest_packs(7, ((4, 100), (6, 140))) is None


def test_no_packs_at_all() -> None:
    assert cheapest_packs(3, ()) is None
