"""The answer in a solution's text: taken out by a pattern, and compared in a normal form.

Text in, text out. What cannot be found is None: it never votes and equals nothing, not even another None (published
code lets the word "None" win votes: TextGrad, evaluation/solution_optimization.py).
"""

from __future__ import annotations

import re
from fractions import Fraction

from secant.solutions import matcher, matching

_DEFAULT = re.compile(r"^[ \t>*_#-]*answer[*_ \t]*[:：][*_ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE)
"""Takes no longer than the text is long: the space at the end is left to `strip`."""
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:(?<=\d)\.|\.\d+)?(?:e[+-]?\d{1,2})?", re.IGNORECASE)
_FRACTION = re.compile(r"([+-]?\d+) ?/ ?(\d+)")
_LETTER = re.compile(r"[(\[]?([a-z])[)\].:]*", re.IGNORECASE)
_WRAPPED = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("\\boxed{", "}"), ("`", "`"), ('"', '"'))
_LONGEST_NUMBER = 60


class AnswerPattern:
    """How answers are found in texts. What was looked for once is remembered."""

    def __init__(self, expression: str | None = None, *, seconds: float = 10.0) -> None:
        """By default the last line `Answer: …`; a search for anything else may take so many `seconds`.

        Raises BadRequest for what is no regular expression.
        """
        self.expression = expression
        self._seconds = seconds
        self._known: dict[str, matching.Match] = {}
        if expression is not None:
            hint = "Quote it for the shell; a group marks the answer: --answer 'x = (\\d+)'."
            matching.require_expression(expression, option="--answer", hint=hint)

    def find(self, text: str) -> str | None:
        """The last match, its first group where there is one; None where nothing (or only space) matches."""
        found = (self._match(text).text or "").strip()
        return (_undecorated(found) if self.expression is None else found) or None

    def trouble(self, text: str) -> str:
        """Why the search in this text was given up; empty where it came to its end."""
        return self._match(text).trouble

    def _match(self, text: str) -> matching.Match:
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._looked_for(text)
        return known

    def _looked_for(self, text: str) -> matching.Match:
        if self.expression is None:
            return matching.Match(matcher.last_match(_DEFAULT, text))
        return matching.last_match(self.expression, text, self._seconds)


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
