"""Checks lines."""


def check(lines):
    """Raises on the first empty line."""
    for number, line in enumerate(lines, start=1):
        if not line:
            raise ValueError(f"line {number} is empty")
    return len(lines)


def check_all(texts):
    return [check(text.split("\n")) for text in texts]
