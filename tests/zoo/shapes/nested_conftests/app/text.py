"""Text."""


def shorten(text, limit, mark="…"):
    if len(text) <= limit:
        return text
    return text[: limit - len(mark)] + mark
