"""Sizes of text as prompts bound them: tokens by a rule of thumb, and cuts that say what they left out."""

from __future__ import annotations

import math


def tokens(text: str) -> int:
    """About as many tokens as a model would count: a token is four characters of prose or code."""
    return math.ceil(len(text) / 4)


def shortened(text: str, most: int) -> str:
    """At most `most` tokens of a text: its beginning and its end, and between them how much was left out.

    For feedback only. An artifact is never shortened: a model that has not seen a line cannot keep it.
    """
    if tokens(text) <= most:
        return text
    head, tail = _head(text, 4 * most * 2 // 3), _tail(text, 4 * most // 3)
    left_out = len(text) - len(head) - len(tail)
    return f"{head.rstrip()}\n[... {left_out} characters left out ...]\n{tail.lstrip()}"


def first_line(text: str, most: int = 200) -> str:
    """The first line that says something, at most `most` characters of it."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _head(text: str, most: int) -> str:
    """To the end of a line where there is one not far before, or else of a word."""
    cut = text[:most]
    for end in (cut.rfind("\n"), cut.rfind(" ")):
        if end > most // 2:
            return cut[:end]
    return cut


def _tail(text: str, most: int) -> str:
    cut = text[len(text) - most :]
    for start in (cut.find("\n"), cut.find(" ")):
        if 0 <= start < most // 2:
            return cut[start:]
    return cut
