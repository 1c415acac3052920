"""Plain vectors."""

__all__ = ["dot", "norm"]


def dot(left, right):
    if len(left) != len(right):
        raise ValueError("different lengths")
    return sum(a * b for a, b in zip(left, right))


def norm(vector):
    return dot(vector, vector) ** 0.5
