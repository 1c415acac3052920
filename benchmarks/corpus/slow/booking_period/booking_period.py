from datetime import datetime


def in_period(bookings, first, last):
    """Bookings (date, amount) from the first to the last day, both included; dates like 31.12.2024."""
    selected = []
    for date, amount in bookings:
        day = datetime.strptime(date, "%d.%m.%Y")
        if datetime.strptime(first, "%d.%m.%Y") <= day and day <= datetime.strptime(last, "%d.%m.%Y"):
            selected.append((date, amount))
    return selected
