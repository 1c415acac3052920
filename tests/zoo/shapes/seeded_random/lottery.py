"""Draws."""

import random

random.seed(2024)
FIRST = random.random()


def draw(names, count=1, rng=random):
    left = list(names)
    drawn = []
    for _ in range(count):
        drawn.append(left.pop(rng.randrange(len(left))))
    return drawn
