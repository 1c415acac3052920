"""Versions."""

from functools import total_ordering


@total_ordering
class Version:
    def __init__(self, text):
        self.parts = tuple(int(part) for part in text.split("."))

    def __eq__(self, other):
        return self.parts == other.parts

    def __lt__(self, other):
        longest = max(len(self.parts), len(other.parts))
        mine = self.parts + (0,) * (longest - len(self.parts))
        theirs = other.parts + (0,) * (longest - len(other.parts))
        return mine < theirs
