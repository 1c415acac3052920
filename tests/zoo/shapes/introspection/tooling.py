"""Sizes."""


def resize(width: int, height: int = 100, *, keep_ratio: bool = True) -> tuple:
    """Resizes."""
    if keep_ratio:
        height = width * 3 // 4
    return width, height
