"""Rows of numbers."""


class Matrix:
    def __init__(self, rows):
        self.rows = [list(row) for row in rows]

    def __add__(self, other):
        if isinstance(other, (int, float)):
            return Matrix([value + other for value in row] for row in self.rows)
        return Matrix([a + b for a, b in zip(left, right)] for left, right in zip(self.rows, other.rows))

    __radd__ = __add__
    plus = __add__
