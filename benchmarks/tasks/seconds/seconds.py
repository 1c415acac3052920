import re

UNITS = {"s": 1, "m": 60, "h": 3600}


def seconds(text):
    """How many seconds a duration in a work log has."""
    total = 0
    for number, unit in re.findall(r"(\d+)([smh])", text):
        total += int(number) * UNITS[unit]
    return total
