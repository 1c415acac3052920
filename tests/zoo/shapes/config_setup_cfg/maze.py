"""Mazes."""


def exits(rows):
    """Open cells on the border."""
    height, width = len(rows), len(rows[0])
    return [
        (r, c)
        for r in range(height)
        for c in range(width)
        if rows[r][c] == "." and (r in (0, height - 1) or c in (0, width - 1))
    ]
