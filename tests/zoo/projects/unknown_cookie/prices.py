# -*- coding: utf-nonsense -*-
"""Prices."""


def total(prices):
    return sum(prices)
