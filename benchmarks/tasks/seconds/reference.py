import re
from decimal import ROUND_HALF_EVEN, Decimal

_NAMES = {
    "s": ("s", "sec", "secs", "second", "seconds"),
    "m": ("m", "min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "d": ("d", "day", "days"),
    "w": ("w", "wk", "week", "weeks"),
}
_SIZES = {"s": 1, "m": 60, "h": 3600, "d": 8 * 3600, "w": 5 * 8 * 3600}
_ORDER = "wdhms"
_UNIT = {name: unit for unit, names in _NAMES.items() for name in names}
_WORDS = {"a": "1", "an": "1", "half": "0.5"}
_ITEM = re.compile(r"(\d+(?:[.,]\d+)?|\ban?\b|\bhalf(?:\s+an?)?\b)\s*([a-z]*)\s*(?:,|and\b)?\s*")


def seconds(text):
    body = text.strip().lower()
    sign = 1
    if body[:1] in ("-", "+"):
        sign = -1 if body[0] == "-" else 1
        body = body[1:].strip()
    if not body:
        raise ValueError("no duration")
    if re.fullmatch(r"\d+(:[0-5]\d){1,2}", body):
        parts = [int(part) for part in body.split(":")]
        sizes = (3600, 60, 1)
        return sign * sum(part * size for part, size in zip(parts, sizes))
    total, place, before = Decimal(0), 0, None
    while place < len(body):
        match = _ITEM.match(body, place)
        if match is None:
            raise ValueError(f"no duration: {text}")
        number, name = match.groups()
        if name:
            if name not in _UNIT:
                raise ValueError(f"no unit: {name}")
            unit = _UNIT[name]
        elif before is None:
            unit = "m"
        elif before == "s":
            raise ValueError("nothing is smaller than a second")
        else:
            unit = _ORDER[_ORDER.index(before) + 1]
        if before is not None and _ORDER.index(unit) <= _ORDER.index(before):
            raise ValueError("units go from large to small")
        word = number.split()[0]
        total += Decimal(_WORDS.get(word, word).replace(",", ".")) * _SIZES[unit]
        before, place = unit, match.end()
    return sign * int(total.quantize(Decimal(1), ROUND_HALF_EVEN))
