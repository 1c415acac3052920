"""Grids."""


def neighbours(cell, size=3):
    """Cells beside a cell, inside the grid."""
    row, column = cell
    around = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
    return [(r, c) for r, c in around if 0 <= r < size and 0 <= c < size]
