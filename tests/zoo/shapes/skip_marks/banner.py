"""Banners."""


def banner(text, width=12):
    if len(text) > width:
        return None
    return text.center(width, "*")
