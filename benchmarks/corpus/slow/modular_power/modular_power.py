def power_mod(base, exponent, modulus):
    """base ** exponent % modulus for exponent >= 0."""
    result = 1 % modulus
    for _ in range(exponent):
        result = result * base % modulus
    return result
