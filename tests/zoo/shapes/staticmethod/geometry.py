"""Intervals on a line."""


class Box:
    def __init__(self, low, high):
        self.low, self.high = low, high

    @staticmethod
    def overlap(first, second):
        """Length that two boxes share."""
        return max(0, min(first.high, second.high) - max(first.low, second.low))

    def touches(self, other):
        return self.overlap(self, other) > 0
