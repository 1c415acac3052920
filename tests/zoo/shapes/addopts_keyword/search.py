"""Searches lines."""


def matches(lines, word, ignore_case=True):
    if ignore_case:
        return [line for line in lines if word.lower() in line.lower()]
    return [line for line in lines if word in line]
