def lerp(a: float, b: float, t: float) -> float:
    """The point at t between a (t = 0) and b (t = 1)."""
    return a + (b - a) * t
