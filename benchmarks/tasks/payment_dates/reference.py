import calendar
from datetime import date, timedelta


def payment_dates(start, months, count, closed=()):
    if months == 0 or count < 0:
        raise ValueError("months must not be 0, nor count negative")
    text = start.replace("-", "")
    first = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    at_end = first.day == calendar.monthrange(first.year, first.month)[1]

    def is_open(day):
        return day.weekday() < 5 and day.isoformat() not in closed and day.isoformat()[5:] not in closed

    def moved(day):
        step = timedelta(1)
        later = day
        while not is_open(later):
            later += step
        if later.month == day.month:
            return later
        while not is_open(day):
            day -= step
        return day

    found = []
    for number in range(count):
        year, month = divmod(first.year * 12 + first.month - 1 + number * months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        day = last if at_end else min(first.day, last)
        found.append(moved(date(year, month + 1, day)).isoformat())
    return sorted(found)
