"""Counts routes on a grid."""


def routes(rows, columns):
    """Ways from corner to corner, moving right or down."""
    if rows < 0 or columns < 0:
        return 0
    if rows == 0 or columns == 0:
        return 1
    return routes(rows - 1, columns) + routes(rows, columns - 1)
