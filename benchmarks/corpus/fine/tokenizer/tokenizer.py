import re

_TOKEN = re.compile(r"\w+|[^\w\s]")


def tokenize(text):
    """Words, with the digits in them, and single punctuation marks of a text."""
    return _TOKEN.findall(text)
