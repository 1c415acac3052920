def common_divisor(a, b):
    """Greatest common divisor of two positive integers."""
    candidate = min(a, b)
    while a % candidate != 0 or b % candidate != 0:
        candidate -= 1
    return candidate
