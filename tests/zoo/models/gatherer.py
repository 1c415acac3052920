"""Repairs `vowels` in two steps; the first version still fails, and its failures print sets."""

import re

from tests.zoo.models.server import Reply, completion

HALF = '''def vowels(text):
    """The vowels of a text."""
    return frozenset(text) - set("bcdfghjklmnpqrst")
'''
WHOLE = '''def vowels(text):
    """The vowels of a text."""
    return frozenset(text) & set("aeiou")
'''


def reply(request: dict) -> Reply:
    prompt = request["messages"][-1]["content"]
    tag = re.search(r"<IMPROVED(\w*)>", prompt)
    if tag is None:
        return completion(request, "Letters that are no vowels are kept.")
    end = tag[1]
    version = WHOLE if "bcdfghjklmnpqrst" in prompt else HALF
    return completion(request, f"<NOTE{end}>\nKept less.\n</NOTE{end}>\n<IMPROVED{end}>\n{version}</IMPROVED{end}>")
