"""Formats."""

from functools import partial


def pad(text, width, fill=" ", side="left"):
    if side == "left":
        return text.rjust(width, fill)
    return text.ljust(width, fill)


zeros = partial(pad, width=5, fill="0")
dots = partial(pad, width=5, fill=".", side="right")
