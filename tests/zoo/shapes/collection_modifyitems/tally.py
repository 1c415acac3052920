"""Tallies."""

seen = {}


def count(name):
    seen[name] = seen.get(name, 0) + 1
    return seen[name]
