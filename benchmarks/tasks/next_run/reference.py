import calendar
from datetime import date, datetime, timedelta

_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_SHORT = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@workdays": "0 6 * * 1-5",
}


def _number(text, names, shift):
    text = text.lower()
    number = names.index(text) + shift if text in names else int(text)
    return number


def _values(field, low, high, names=(), shift=0):
    found = []
    for item in field.split(","):
        span, slash, step = item.partition("/")
        step = int(step) if slash else 1
        if span == "*":
            start, end = low, high
        else:
            first, dash, last = span.partition("-")
            start = _number(first, names, shift)
            end = _number(last, names, shift) if dash else high if slash else start
        if not (low <= start <= high and low <= end <= high) or step < 1:
            raise ValueError(f"out of range: {item}")
        size = high - low + 1
        length = (end - start) % size
        found += [(start - low + n) % size + low for n in range(0, length + 1, step)]
    return found


def _is_day(field, day):
    last = calendar.monthrange(day.year, day.month)[1]
    for item in field.split(","):
        if item.upper() == "L":
            if day.day == last:
                return True
        elif item.upper() == "W":
            later = [n for n in range(day.day + 1, last + 1) if date(day.year, day.month, n).weekday() < 5]
            if day.weekday() < 5 and not later:
                return True
        elif day.day in _values(item, 1, 31):
            return True
    return False


def _is_weekday(field, day):
    number = (day.weekday() + 1) % 7
    for item in field.split(","):
        name, sharp, nth = item.partition("#")
        if sharp:
            if _number(name, _DAYS, 0) % 7 == number and (day.day - 1) // 7 + 1 == int(nth):
                return True
        else:
            text = "-".join("0" if part == "7" and place == 0 else part for place, part in enumerate(item.split("-")))
            high = 7 if "7" in text.partition("/")[0].split("-") else 6
            if number in [value % 7 for value in _values(text, 0, high, _DAYS)]:
                return True
    return False


def next_run(rule, after):
    fields = _SHORT.get(rule.strip().lower(), rule).split()
    if len(fields) != 5:
        raise ValueError("a rule has five fields")
    minutes, hours = sorted(_values(fields[0], 0, 59)), sorted(_values(fields[1], 0, 23))
    months = _values(fields[3], 1, 12, _MONTHS, 1)
    moment = datetime.fromisoformat(after).replace(second=0, microsecond=0)
    day = moment.date()
    for _ in range(366 * 9):
        by_day, by_weekday = _is_day(fields[2], day), _is_weekday(fields[4], day)
        either = fields[2] != "*" and fields[4] != "*"
        if day.month in months and (by_day or by_weekday if either else by_day and by_weekday):
            for hour in hours:
                for minute in minutes:
                    found = datetime(day.year, day.month, day.day, hour, minute)
                    if found > moment:
                        return found.strftime("%Y-%m-%d %H:%M")
        day += timedelta(1)
    return None
