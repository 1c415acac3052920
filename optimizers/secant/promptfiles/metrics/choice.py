"""Answers to multiple choice: the letter that was chosen."""

from __future__ import annotations

import re

from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.metrics.contract import Grade
from secant.promptfiles.metrics.kinds import Item, Plain, quoted, text_of, wanted
from secant.promptfiles.metrics.texts import behind_label

_ALONE = re.compile(r"[*_`$\s]*(?:\\boxed\{)?[(\[]?([A-Za-z])[)\].:]*\}?[*_`$\s]*[.]?")
_LEADING = re.compile(
    r"[*_`$\s]*(?:\\boxed\{)?(?:[(\[]([A-Za-z])[)\]]|([B-HJ-Z])(?=[).:\s*}]|$)|([AI])(?=[).:*}]|\s*$))"
)
_SAID = re.compile(
    r"""(?i:\b(?:answer|choice|option)\b[^\n.]{0,20}?(?:\bis\b|:)[\s*:]*(?:option\s)?)
    (?:[(\[]([A-Za-z])[)\]]|([B-HJ-Z])\b|([AI])(?=\s*(?:[.,;:*)]|$|because|since)))""",
    re.VERBOSE | re.MULTILINE,
)
"""`The answer is C`, but not `The answer is A dog`."""
_BOXED = re.compile(r"\\boxed\{\s*(?:\\text\{)?[(]?([A-Za-z])[)]?\}")
_OPENING = re.compile(r"\s*[(\[]?([A-Z])[)\]]?[.:](?=\s)")
"""`C. because ...`"""
_BRACKETED = re.compile(r"[(\[]([A-Z])[)\]]")


class Choice(Plain):
    """The letter of the answer is the expected one: behind the last `Answer:`, alone on the last line, or in words."""

    def says(self, check: CheckSpec) -> str:
        value = "the expected letter" if check.value is None else text_of(check.value)
        return f"it chooses {value}, best on a last line `Answer: LETTER`"

    def objection(self, check: CheckSpec, row: Row) -> str:
        value = wanted(check, row)
        if value is None:
            return "it has no expected answer"
        known = _letter(text_of(value))
        return "" if known else f"its expected answer {quoted(text_of(value))} is no letter of a choice"

    def judged(self, item: Item) -> Grade:
        expected = _letter(text_of(item.value))
        found = chosen(item.output)
        if found is None or expected is None:
            what = f"expected ({expected}), no letter can be read from the answer {quoted(item.output[-200:])}"
            return Grade(score=0.0, feedback=what, error="parse")
        if found == expected:
            return Grade(score=1.0, extracted=found)
        return Grade(score=0.0, feedback=f"expected ({expected}), it chose ({found})", extracted=found)


def chosen(output: str) -> str | None:
    """The capital letter that an answer ends on; None where there is none, or where it names several at once."""
    line = behind_label(output)
    if line is not None and (_LEADING.match(line) or _ALONE.fullmatch(line)):
        return _letter(line)
    for pattern in (_BOXED, _SAID):
        if found := list(pattern.finditer(output)):
            return next(group for group in found[-1].groups() if group).upper()
    last = next((each for each in reversed(output.splitlines()) if each.strip()), "")
    if alone := _ALONE.fullmatch(last) or _OPENING.match(output):
        return alone[1].upper()
    letters = set(_BRACKETED.findall(output))
    return letters.pop() if len(letters) == 1 else None


def _letter(text: str) -> str | None:
    """`(C)`, `c.`, `C) because ...`; None for other words, and for `A or B`."""
    if alone := _ALONE.fullmatch(text):
        return alone[1].upper()
    leading = _LEADING.match(text)
    if leading is None:
        return None
    letter = leading[1] or leading[2] or leading[3]
    rest = text[leading.end() :]
    others = {each for each in re.findall(r"[(\[]([A-Z])[)\]]|\b(?:or|and)\s+([A-Z])\b", rest) for each in each if each}
    return None if others - {letter.upper()} else letter.upper()
