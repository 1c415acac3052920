"""The answer in a solution's text: taken out by a pattern, and compared in a normal form.

Text in, text out. What cannot be found is None: it never votes and equals nothing, not even another None (published
code lets the word "None" win votes: TextGrad, evaluation/solution_optimization.py).
"""

from __future__ import annotations

import re
from collections import deque
from fractions import Fraction

from secant.errors import BadRequest

_DEFAULT = re.compile(r"^[ \t>*_#-]*answer[*_ \t]*[:：][*_ \t]*(\S.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:(?<=\d)\.|\.\d+)?(?:e[+-]?\d{1,2})?", re.IGNORECASE)
_FRACTION = re.compile(r"([+-]?\d+) ?/ ?(\d+)")
_LETTER = re.compile(r"[(\[]?([a-z])[)\].:]*", re.IGNORECASE)
_WRAPPED = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("\\boxed{", "}"), ("`", "`"), ('"', '"'))
_LONGEST_NUMBER = 60


class AnswerPattern:
    """How answers are found in texts."""

    def __init__(self, expression: str | None = None) -> None:
        """By default the last line `Answer: …`. Raises BadRequest for what is no regular expression."""
        self.expression = expression
        try:
            self._pattern = _DEFAULT if expression is None else re.compile(expression, re.MULTILINE)
        except re.error as error:
            raise BadRequest(
                f"this is no regular expression: {error}",
                hint="Quote it for the shell; a group marks the answer: --answer 'x = (\\d+)'.",
                where=f"--answer {expression}",
            ) from error

    def find(self, text: str) -> str | None:
        """The last match, its first group where there is one; None where nothing (or only space) matches."""
        matches = deque(self._pattern.finditer(text), maxlen=1)
        if not matches:
            return None
        last = matches[0]
        found = last[1] if self._pattern.groups else last[0]
        found = (found or "").strip()
        return (_undecorated(found) if self.expression is None else found) or None


def normal(answer: str | None) -> str | None:
    """The form in which answers are compared: `1,234.50` is 1234.5, `(C)` is c, `**Blue  whale.**` is blue whale.

    Equal fractions and decimals are one number. None stays None, and so does what has nothing but decoration.
    """
    if answer is None:
        return None
    text = " ".join(_undecorated(answer).replace("−", "-").split()).casefold()
    text = text.removesuffix(".").rstrip()
    number = _number(text)
    if number is not None:
        return str(number)
    letter = _LETTER.fullmatch(text)
    return (letter[1] if letter else text) or None


def same(first: str | None, second: str | None) -> bool:
    """Whether two answers are the same. What was not found is the same as nothing."""
    return first is not None and normal(first) is not None and normal(first) == normal(second)


def _number(text: str) -> Fraction | None:
    """The number that a text is; None for all else, and for numbers too long to be an answer."""
    if len(text) > _LONGEST_NUMBER or not any(c.isdigit() for c in text) or not text.isascii():
        return None
    if fraction := _FRACTION.fullmatch(text):
        return Fraction(int(fraction[1]), int(fraction[2])) if int(fraction[2]) else None
    return Fraction(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _undecorated(text: str) -> str:
    """Without Markdown's emphasis and the marks of code and formulas around it."""
    before = None
    while text != before:
        before = text
        text = text.strip().strip("*_").strip()
        for start, end in _WRAPPED:
            if len(text) > len(start) + len(end) and text.startswith(start) and text.endswith(end):
                text = text[len(start) : -len(end)]
    return text
