"""Knows the answer: criticizes when asked for a critique, and repairs `to_roman` when asked for a new version."""

import re

from tests.zoo.models.server import Reply, completion

REPAIRED = '''def to_roman(number):
    """The Roman numeral of a whole number from 1 to 3999."""
    values = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC")]
    values += [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    text = ""
    for value, letters in values:
        while number >= value:
            text += letters
            number -= value
    return text
'''


def reply(request: dict) -> Reply:
    prompt = request["messages"][-1]["content"]
    tag = re.search(r"<IMPROVED(\w*)>", prompt)
    if tag is None:
        return completion(request, "Four is IV, not IIII: the subtractive pairs are missing.")
    end = tag[1]
    note = f"<NOTE{end}>\nThe subtractive pairs were missing.\n</NOTE{end}>"
    return completion(request, f"{note}\n<IMPROVED{end}>\n{REPAIRED}</IMPROVED{end}>")
