"""A turtle."""

from functools import partialmethod


class Turtle:
    def __init__(self):
        self.x = self.y = 0

    def go(self, dx, dy, steps=1):
        if steps < 0:
            raise ValueError(steps)
        self.x += dx * steps
        self.y += dy * steps
        return self

    up = partialmethod(go, 0, 1)
    right = partialmethod(go, 1, 0, steps=2)
