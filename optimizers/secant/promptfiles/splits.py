"""Which cases improve a prompt (fit), which choose among its versions (select), and which report the gain (report).

Rows go where the data puts them; the rest is divided by the seed: about 40 % fit, 30 % select, 30 % report, the labels
in the same proportions where there are few. A row's place depends on the seed and on what it asks, not on where it
stands in the file, so rows that are appended move few others, and rows that ask the same stay together: what a model
was shown in one split must not be asked in another.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from secant.errors import BadRequest
from secant.promptfiles.evaldata.recognition import main_input
from secant.promptfiles.evaldata.rows import Row, Splits
from secant.types import Split

FEWEST = 8
"""With fewer cases that ask different things none is put aside: fit and select are all of them, and nothing can be
claimed."""
_ORDER: tuple[Split, ...] = ("fit", "select", "report")
_BOTH: tuple[Split, ...] = ("fit", "select")
_SHARES: Mapping[Split, int] = {"fit": 4, "select": 3, "report": 3}
_MOST_LABELS = 20
_REPORT: Split = "report"
_LEAST = 3
"""Cases that select and report have at least where all three splits are made here."""
Input = Callable[[Row], JsonValue]


class Division(NamedTuple):
    """The splits, and what was left out on the way to them."""

    splits: Splits
    notices: tuple[str, ...] = ()

    @property
    def shared(self) -> bool:
        """Fit and select are the same cases: there were too few to divide."""
        return bool(self.splits["fit"]) and self.splits["fit"] == self.splits["select"]


def _asked(row: Row) -> JsonValue:
    return dict(main_input(row.fields))


def split(rows: Sequence[Row], *, seed: int, report_rows: Sequence[Row] = (), asked: Input = _asked) -> Division:
    """Divide the rows; each split is in the order of the file.

    `report_rows` are for the report alone, whatever they say themselves. `asked` is what a prompt sees of a row. Raises
    BadRequest where no row is left to improve a prompt on.
    """
    keys = {id(row): _key(asked(row)) for row in (*rows, *report_rows)}
    places: list[Split | None] = [*(row.split for row in rows), *(_REPORT for _ in report_rows)]
    everything = [*rows, *report_rows]
    kept, notices = _without_leaks(everything, places, keys)
    given: dict[Split, list[int]] = {name: [i for i in kept if places[i] == name] for name in _ORDER}
    open_rows = [i for i in kept if places[i] is None]
    pool, targets = _to_divide(given, open_rows)
    labels = _labels([everything[i] for i in pool], [keys[id(everything[i])] for i in pool])
    for name, members in _divided(labels, targets, seed).items():
        given[name] += [i for i in pool if keys[id(everything[i])] in members]
    if not given["fit"] and not given["select"]:
        where = everything[0].path if everything else None
        raise BadRequest(
            "every case is for the report, none is left to improve a prompt on",
            hint="Leave the split of some rows open, or give them `fit` and `select`.",
            where=where,
        )
    return Division(
        {name: tuple(everything[i] for i in sorted(given[name])) for name in ("fit", "select", "report")}, notices
    )


def _without_leaks(
    rows: Sequence[Row], places: Sequence[Split | None], keys: Mapping[int, str]
) -> tuple[list[int], tuple[str, ...]]:
    """The indices of the rows that no later split asks as well: report goes before select, select before fit."""
    rank = {None: -1, **{name: number for number, name in enumerate(_ORDER)}}
    highest: dict[str, int] = {}
    for row, place in zip(rows, places, strict=True):
        key = keys[id(row)]
        highest[key] = max(highest.get(key, -1), rank[place])
    kept = [i for i, row in enumerate(rows) if rank[places[i]] == highest[keys[id(row)]]]
    lost = sorted(set(range(len(rows))).difference(kept))
    if not lost:
        return kept, ()
    first = rows[lost[0]]
    again = _ORDER[highest[keys[id(first)]]]
    more = f" (so are {len(lost) - 1} more)" if len(lost) > 1 else ""
    return kept, (
        f"{first.path}:{first.line}: this input is a case of the {again} split as well; it is left out{more}",
    )


def _to_divide(given: dict[Split, list[int]], open_rows: list[int]) -> tuple[list[int], tuple[Split, ...]]:
    """What is divided, and into what: open rows fill the splits that the data leaves empty. Without any, a missing fit
    or select takes its share of the other; a missing report stays empty.
    """
    missing: tuple[Split, ...] = tuple(name for name in _ORDER if not given[name])
    if open_rows:
        return open_rows, missing or _BOTH[:1]
    if bool(given["fit"]) != bool(given["select"]):
        pool = given["fit"] or given["select"]
        given["fit"], given["select"] = [], []
        return pool, _BOTH
    return [], ()


def _divided(labels: Mapping[str, str], targets: Sequence[Split], seed: int) -> Mapping[Split, frozenset[str]]:
    """For each split the keys that it gets."""
    few = {_ORDER: FEWEST, _BOTH: FEWEST // 2}.get(tuple(targets), 0)
    if len(labels) < few:
        return dict.fromkeys(_BOTH, frozenset(labels))
    sizes = _sizes(len(labels), targets)
    strata: dict[str, list[str]] = defaultdict(list)
    for key, label in labels.items():
        strata[label].append(key)
    members: dict[Split, set[str]] = {name: set() for name in targets}
    owed: dict[Split, float] = dict.fromkeys(targets, 0.0)
    for label in sorted(strata, key=lambda each: (-len(strata[each]), each)):
        keys = sorted(strata[label], key=lambda key: _hash(f"{seed}\0{key}"))
        for name, count in _quota(len(keys), sizes, owed).items():
            members[name].update(keys[:count])
            keys = keys[count:]
    return {name: frozenset(each) for name, each in members.items()}


def _quota(count: int, sizes: Mapping[Split, int], owed: dict[Split, float]) -> Mapping[Split, int]:
    """How many of `count` rows of one label each split gets: its share rounded down or up. What rounding takes from a
    split is owed to it, and the split that is owed most is rounded up first, so that the totals come out as well.
    """
    total = sum(sizes.values())
    got: dict[Split, int] = {name: count * size // total for name, size in sizes.items()}
    for name, size in sizes.items():
        owed[name] += count * size / total - got[name]
    fractional: list[Split] = [name for name, size in sizes.items() if count * size % total]
    for name in sorted(fractional, key=lambda each: -owed[each])[: count - sum(got.values())]:
        got[name] += 1
        owed[name] -= 1
    # the report first: which rows it has depends least on how many there are
    return {name: got[name] for name in reversed(_ORDER) if name in got}


def _sizes(count: int, targets: Sequence[Split]) -> Mapping[Split, int]:
    """How many of `count` go to each target, by its share."""
    total = sum(_SHARES[name] for name in targets)
    if not targets:
        return {}
    sizes: dict[Split, int] = {name: round(count * _SHARES[name] / total) for name in targets[1:]}
    if tuple(targets) == _ORDER:
        sizes = {name: max(_LEAST, size) for name, size in sizes.items()}
    return {targets[0]: count - sum(sizes.values()), **sizes}


def _labels(rows: Sequence[Row], keys: Sequence[str]) -> Mapping[str, str]:
    """Each key with its label; the same for all where labels are many, or where one stands alone."""
    found: dict[str, set[str]] = defaultdict(set)
    for row, key in zip(rows, keys, strict=True):
        found[key].add(json.dumps(row.expected, sort_keys=True))
    labels = {key: "\n".join(sorted(each)) for key, each in found.items()}
    counts = Counter(labels.values())
    few = 1 < len(counts) <= _MOST_LABELS and min(counts.values()) > 1
    return labels if few else dict.fromkeys(labels, "")


def _key(asked: JsonValue) -> str:
    return _hash(json.dumps(asked, sort_keys=True))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def every(splits: Splits) -> Iterable[Row]:
    """All rows of the splits, each once."""
    return {id(row): row for name in ("fit", "select", "report") for row in splits[name]}.values()
