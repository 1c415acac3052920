"""Whitespace."""


def squeeze(text):
    """Runs of spaces become one; line ends stay."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))
