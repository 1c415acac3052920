"""Remembers what it was told."""


def remember(word, known=[]):
    """All words so far, in order, without repeats."""
    if word not in known:
        known.append(word)
    return list(known)
