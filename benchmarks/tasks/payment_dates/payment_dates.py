from datetime import date


def payment_dates(start, months, count, closed=()):
    """The dates (YYYY-MM-DD) of `count` payments, one every so many months from `start` on."""
    day = date.fromisoformat(start)
    found = []
    for _ in range(count):
        found.append(day.isoformat())
        month = day.month + months
        year = day.year + (month - 1) // 12
        month = (month - 1) % 12 + 1
        day = date(year, month, min(day.day, 28))
    return found
