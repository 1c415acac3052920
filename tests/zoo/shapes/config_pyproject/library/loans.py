"""Loans."""

PER_DAY = 25


def fine(days, grace=2):
    return max(0, days - grace) * PER_DAY
