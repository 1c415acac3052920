"""Article codes."""


def check_digit(code):
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(code))
    return -total % 10
