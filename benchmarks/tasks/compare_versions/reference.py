import re

_VERSION = re.compile(r"v?(?:(\d+)!)?(\d+(?:\.\d+)*)(.*)", re.DOTALL)
_SUFFIX = re.compile(r"[-._]?([a-z]+)[-._]?(\d*)|-(\d+)|[._](\d+)")
_RANKS = {"dev": 0, "alpha": 2, "a": 2, "beta": 3, "b": 3, "rc": 4, "c": 4, "pre": 4, "post": 6, "patch": 6, "p": 6}
_OTHER, _FINAL = 1, 5


def _key(text):
    match = _VERSION.fullmatch(text.strip().lower().partition("+")[0])
    if match is None:
        raise ValueError(f"no version: {text}")
    epoch, numbers, rest = match.groups()
    release = [int(number) for number in numbers.split(".")]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    suffixes, place = [], 0
    while place < len(rest):
        found = _SUFFIX.match(rest, place)
        if found is None:
            raise ValueError(f"no version: {text}")
        word, count, revision, _ = found.groups()
        if word is None:
            if revision is None:
                raise ValueError(f"no version: {text}")
            suffixes.append((_RANKS["post"], "", int(revision)))
        else:
            rank = _RANKS.get(word, _OTHER)
            suffixes.append((rank, word if rank == _OTHER else "", int(count or 0)))
        place = found.end()
    return int(epoch or 0), release, [*suffixes, (_FINAL, "", 0)]


def compare_versions(one, other):
    first, second = _key(one), _key(other)
    return (first > second) - (first < second)
