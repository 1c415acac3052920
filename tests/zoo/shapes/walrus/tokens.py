"""Reads numbers."""

import re

NUMBER = re.compile(r"-?\d+")


def numbers(text, least=None):
    found = [value for word in text.split() if (hit := NUMBER.fullmatch(word)) and (value := int(hit[0])) is not None]
    if least is not None and (count := len(found)) < least:
        raise ValueError(f"only {count} numbers")
    return found
