"""Baskets."""

total = lambda prices: sum(prices)
