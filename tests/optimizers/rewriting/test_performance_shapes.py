"""Slow shapes by class: what each rule should know, executed old against new, and lookalikes that it must not touch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from test_performance_harness import assert_same, candidates

from secant.rewriting.facts import Facts

INT, STR, LIST, FLOAT = ("int",), ("str",), ("list",), ("float",)


class Shape(NamedTuple):
    """A function, the types of its variables, calls with edge cases, and what the new text must contain."""

    rule: str
    name: str
    text: str
    types: dict[str, tuple[str, ...]]
    calls: Sequence[Sequence[Any]]
    contains: str


SHAPES = [
    Shape(
        "memoize",
        "a constant found by searching is an answer too",
        """def breaks(s, words):
    if not s:
        return True
    for i in range(1, len(s) + 1):
        if s[:i] in words and breaks(s[i:], words):
            return True
    return False
""",
        {"s": STR, "words": LIST},
        [("aab", ["a", "ab"]), ("", []), ("ab", ["a"])],
        "answers.setdefault(s, False)",
    ),
    Shape(
        "memoize",
        "results gathered in a list that is only reduced",
        """def cheapest(grid):
    rows, cols = len(grid), len(grid[0])

    def walk(r, c):
        options = []
        if r + 1 < rows:
            options.append(walk(r + 1, c))
        if c + 1 < cols:
            options.append(walk(r, c + 1))
        return grid[r][c] + (min(options) if options else 0)

    return walk(0, 0)
""",
        {"grid": LIST, "r": INT, "c": INT},
        [([[1, 2], [3, 4]],), ([[1]],), ([[]],)],
        "answers = {}\n\n    def walk",
    ),
    Shape(
        "joins",
        "an inner loop that ends at the outer place",
        """def first_again(items):
    for i in range(len(items)):
        for j in range(i):
            if items[i] == items[j]:
                return i, j
    return None
""",
        {"items": LIST},
        [([1, 2, 2, 1],), ([],), ([[1], [1]],), ([float("nan")] * 2,)],
        "bisect_left(places, i)",
    ),
    Shape(
        "joins",
        "pairs in a generator",
        """def again(xs):
    return any(xs[i] == xs[j] for i in range(len(xs)) for j in range(i + 1, len(xs)))
""",
        {"xs": LIST},
        [([1, 2, 1],), ([1, 2],), ([],), ([[1], [1]],)],
        "if j >= i + 1",
    ),
    Shape(
        "joins",
        "a distance in either direction",
        """def apart(numbers, k):
    found = []
    for a in range(len(numbers)):
        for b in range(a + 1, len(numbers)):
            if abs(numbers[a] - numbers[b]) == k:
                found.append((a, b))
    return found
""",
        {"numbers": LIST, "k": INT},
        [([5, 3, 7, 3, 5], 2), ([1, 1, 1], 0), ([1, 2], -1), ([], 1), ([1.5, 2.5], 1)],
        "by_key.get(numbers[a] + k, ())",
    ),
    Shape(
        "equality_scans",
        "any equal",
        """def covered(needed, offers):
    return all(any(n == o for o in offers) for n in needed)
""",
        {"needed": LIST, "offers": LIST, "n": INT, "o": INT},
        [([1, 2], [2, 1]), ([], []), ([1], [])],
        "n in offers",
    ),
    Shape(
        "counting_scans",
        "a counting loop",
        """def often(words):
    best = None
    most = 0
    for w in words:
        count = 0
        for other in words:
            if other == w:
                count += 1
        if count > most:
            most, best = count, w
    return best
""",
        {"words": LIST, "w": STR, "other": STR, "count": INT, "most": INT},
        [(["b", "a", "a"],), ([],)],
        "count = words.count(w)",
    ),
    Shape(
        "counting_scans",
        "characters are not parts of a text",
        """def letters(text, letter):
    return sum(1 for c in text if c == letter)
""",
        {"text": STR, "letter": STR, "c": STR},
        [("banana", "a"), ("banana", "an"), ("", ""), ("aaa", "")],
        "len(letter) == 1",
    ),
    Shape(
        "counting",
        "characters of one text in another",
        """def permuted(a, b):
    for ch in a:
        if a.count(ch) != b.count(ch):
            return False
    return True
""",
        {"a": STR, "b": STR, "ch": STR},
        [("aab", "aba"), ("ab", "aa"), ("", "x")],
        "Counter(b)",
    ),
    Shape(
        "group_searches",
        "groups with equal sorted letters",
        """def anagrams(words):
    groups = []
    for word in words:
        placed = False
        for group in groups:
            if sorted(group[0]) == sorted(word):
                group.append(word)
                placed = True
                break
        if not placed:
            groups.append([word])
    return groups
""",
        {"words": LIST, "word": STR, "groups": LIST, "group": LIST},
        [(["ab", "c", "ba", "ab"],), ([],), ([""],)],
        "groups_by_key.get(tuple(sorted(word)), ())",
    ),
    Shape(
        "group_searches",
        "entries with a count",
        """def tally(words):
    counts = []
    for w in words:
        for entry in counts:
            if entry[0] == w:
                entry[1] += 1
                break
        else:
            counts.append([w, 1])
    return counts
""",
        {"words": LIST, "w": STR, "counts": LIST, "entry": LIST},
        [(["b", "a", "b"],), ([],)],
        "counts_by_key.setdefault(w, []).append(counts[-1])",
    ),
    Shape(
        "rebuilt_tables",
        "a dict filled in every pass",
        """def label(codes, pairs):
    out = []
    for code in codes:
        table = {}
        for key, name in pairs:
            table[key] = name
        out.append(table.get(code))
    return out
""",
        {"codes": LIST, "pairs": LIST, "table": ("dict",), "key": INT, "name": STR},
        [([1, 2, 1], [(1, "a")]), ([], [(1, 2, 3)]), ([1], [(1, 2, 3)]), ([1], [([], 1)])],
        "if table is None:",
    ),
    Shape(
        "rebuilt_tables",
        "a list of fields in every pass",
        """def unpaid(customers, invoices):
    result = []
    for c in customers:
        paid = [i["customer"] for i in invoices if i["paid"]]
        if c not in paid:
            result.append(c)
    return result
""",
        {"customers": LIST, "invoices": LIST, "c": STR, "paid": LIST},
        [(["a", "b"], [{"customer": "a", "paid": True}]), ([], [{}]), (["a"], [{}]), (["a"], [])],
        'paid = [i["customer"] for i in invoices if i["paid"]] if customers else []',
    ),
    Shape(
        "invariants",
        "a list of fields in the test",
        """def unknown(orders, products):
    return [o for o in orders if o["sku"] not in [p["sku"] for p in products]]
""",
        {"orders": LIST, "products": LIST},
        [([{"sku": 1}, {"sku": 2}], [{"sku": 2}]), ([], [{}]), ([{"sku": 1}], [{}])],
        "skus = [p['sku'] for p in products] if orders else []",
    ),
    Shape(
        "window_extremes",
        "the greatest of each window",
        """def highest(xs, k):
    out = []
    for i in range(len(xs) - k + 1):
        out.append(max(xs[i:i + k]))
    return out
""",
        {"xs": LIST, "k": INT, "i": INT},
        [
            ([3, 1, 2, 2, 5], 2),
            ([1], 1),
            ([], 1),
            ([1, 2], 3),
            ([1, 2], 0),
            ([1.5, float("nan"), 2.0], 2),
            ([1, 2], -1),
        ],
        "places.popleft()",
    ),
    Shape(
        "window_extremes",
        "the least of each window that may run over the end",
        """def lowest(xs, k):
    return [min(xs[i:i + k]) for i in range(len(xs))]
""",
        {"xs": LIST, "k": INT, "i": INT},
        [([3, 1, 2, 2, 5], 2), ([], 1), ([1, 2], 0), ([2, 1], 5)],
        "<= len(xs) - i",
    ),
    Shape(
        "extreme_scans",
        "the least by a loop",
        """def least(xs):
    m = xs[0]
    for x in xs:
        if x < m:
            m = x
    return m
""",
        {"xs": LIST, "x": INT, "m": INT},
        [([3, 1, 2],), ([],), ([1.0, 1],), (["b", "a"],)],
        "m = min(xs)",
    ),
    Shape(
        "selection_into_list",
        "the least found by a loop and removed",
        """def ordered(values):
    rest = values[:]
    out = []
    while len(rest) > 0:
        least = rest[0]
        for v in rest:
            if v < least:
                least = v
        rest.remove(least)
        out.append(least)
    return out
""",
        {"values": LIST, "rest": LIST, "v": INT},
        [([3, 1, 2, 1],), ([],), ([1.0, 1, True],)],
        "sorted(rest)",
    ),
    Shape(
        "hand_written_sort",
        "selection by two counting loops",
        """def arranged(xs):
    i = 0
    while i < len(xs):
        least = i
        j = i + 1
        while j < len(xs):
            if xs[j] < xs[least]:
                least = j
            j += 1
        xs[i], xs[least] = xs[least], xs[i]
        i += 1
    return xs
""",
        {"xs": LIST, "i": INT, "j": INT, "least": INT},
        [([3, 1, 2],), ([],), ([1],)],
        "xs.sort()",
    ),
    Shape(
        "slice_recursion",
        "elements that are kept",
        """def positive(xs):
    \"\"\"Only those above 0.\"\"\"
    if len(xs) == 0:
        return []
    if xs[0] > 0:
        return [xs[0]] + positive(xs[1:])
    return positive(xs[1:])
""",
        {"xs": LIST},
        [([1, -2, 3],), ([],), ([0],)],
        "if item > 0:",
    ),
    Shape(
        "slice_recursion",
        "from the other end",
        """def spread(text, mark):
    if not text:
        return ""
    before = spread(text[:-1], mark)
    return before + mark + text[-1]
""",
        {"text": STR, "mark": STR},
        [("abc", "-"), ("", "-")],
        "for item in text:",
    ),
    Shape(
        "appended",
        "lists that the function itself gives",
        """def flat(nested):
    if not isinstance(nested, list):
        return [nested]
    result = []
    for item in nested:
        result = result + flat(item)
    return result
""",
        {"nested": ("list", "int")},
        [([1, [2, [3, []]]],), (1,), ([],)],
        "result.extend(flat(item))",
    ),
    Shape(
        "factor_loops",
        "a range of factors",
        """def factors(n):
    found = []
    for d in range(2, n + 1):
        while n % d == 0:
            found.append(d)
            n = n // d
    return found
""",
        {"n": INT, "d": INT},
        [(n,) for n in range(-3, 80)],
        "isqrt",
    ),
    Shape(
        "factor_searches",
        "factors one after the other",
        """def factors(n):
    found = []
    d = 2
    while n > 1:
        if n % d == 0:
            found.append(d)
            n //= d
        else:
            d += 1
    return found
""",
        {"n": INT, "d": INT},
        [(n,) for n in range(-3, 80)],
        "if d * d <= n else max(n, d + 1)",
    ),
    Shape(
        "descending_divisors",
        "the first from above",
        """def common(a, b):
    for d in range(min(a, b), 0, -1):
        if a % d == 0 and b % d == 0:
            return d
    return 0
""",
        {"a": INT, "b": INT, "d": INT},
        [(12, 18), (0, 5), (-4, 6), (7, 7), (1, 9)],
        "return gcd(a, b)",
    ),
    Shape(
        "common_multiples",
        "counted up",
        """def multiple(a, b):
    m = max(a, b)
    while True:
        if m % a == 0 and m % b == 0:
            return m
        m += 1
""",
        {"a": INT, "b": INT, "m": INT},
        [(4, 6), (1, 1), (0, 3), (5, 7)],
        "m = lcm(a, b)",
    ),
    Shape(
        "trial_division",
        "in a helper inside",
        """def primes(a, b):
    def is_prime(n):
        if n < 2:
            return False
        for d in range(2, n):
            if n % d == 0:
                return False
        return True

    return [p for p in range(a, b) if is_prime(p)]
""",
        {"a": INT, "b": INT, "n": INT, "d": INT},
        [(-2, 60), (3, 3)],
        "    from math import isqrt\n    def is_prime",
    ),
    Shape(
        "window_sums",
        "a window that fits",
        """def sums(xs, k):
    out = []
    for i in range(len(xs) - k + 1):
        out.append(sum(xs[i:i + k]))
    return out
""",
        {"xs": LIST, "k": INT, "i": INT},
        [([1, 2, 3], 2), ([], 1), ([0.1, 0.2, 0.3], 2), ([1], 0), ([1, 2], -1)],
        "prefix_sums[i + k] - prefix_sums[i]",
    ),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.rule}-{shape.name.replace(' ', '_')}")
def test_shape_is_rewritten_and_says_the_same_thing(shape: Shape) -> None:
    facts = Facts(variable_types=shape.types)
    found = candidates(shape.text, facts, shape.rule)
    assert any(shape.contains in rewrite.text for rewrite in found), [rewrite.text for rewrite in found]
    for rewrite in found:
        assert_same(shape.text, rewrite, shape.calls)
        assert rewrite.text not in [again.text for again in candidates(rewrite.text, facts, shape.rule)]


class Lookalike(NamedTuple):
    """A function that resembles a shape; the rule must leave it alone."""

    rule: str
    why: str
    text: str
    types: dict[str, tuple[str, ...]]


LOOKALIKES = [
    Lookalike(
        "equality_scans",
        "NaN is in its list and equals nothing",
        "def f(xs, x):\n    return any(x == y for y in xs)\n",
        {"xs": LIST, "x": FLOAT, "y": FLOAT},
    ),
    Lookalike(
        "counting_scans",
        "the sought value changes",
        "def f(xs):\n    n = 0\n    for y in xs:\n        if y == n:\n            n += 1\n    return n\n",
        {"xs": LIST, "y": INT, "n": INT},
    ),
    Lookalike(
        "group_searches",
        "a key is stored to by another name",
        """def f(rows):
    out = []
    for name, new in rows:
        hit = None
        for entry in out:
            if entry["name"] == name:
                hit = entry
        if hit is None:
            out.append({"name": name})
        else:
            hit["name"] = new
    return out
""",
        {"rows": LIST, "name": STR, "new": STR, "out": LIST},
    ),
    Lookalike(
        "group_searches",
        "a group's first element may change",
        """def f(words):
    groups = []
    for word in words:
        for group in groups:
            if group[0] == word:
                group.insert(0, word + "!")
                break
        else:
            groups.append([word])
    return groups
""",
        {"words": LIST, "word": STR, "groups": LIST},
    ),
    Lookalike(
        "rebuilt_tables",
        "each pass changes its table",
        """def f(codes, pairs):
    out = []
    for code in codes:
        table = {}
        for key, name in pairs:
            table[key] = name
        table[code] = 0
        out.append(len(table))
    return out
""",
        {"codes": LIST, "pairs": LIST, "table": ("dict",)},
    ),
    Lookalike(
        "rebuilt_tables",
        "each pass gives its table away",
        """def f(codes, pairs):
    out = []
    for code in codes:
        table = [key for key in pairs]
        out.append(table)
    return out
""",
        {"codes": LIST, "pairs": LIST, "table": LIST},
    ),
    Lookalike(
        "rebuilt_tables",
        "a generator is used up by the first pass",
        """def f(codes, pairs):
    out = []
    for code in codes:
        table = {}
        for key, name in pairs:
            table[key] = name
        out.append(len(table))
    return out
""",
        {"codes": LIST, "pairs": ("generator",), "table": ("dict",)},
    ),
    Lookalike(
        "rebuilt_tables",
        "what it is built from grows",
        """def f(codes, pairs):
    out = []
    for code in codes:
        known = {key for key in pairs}
        if code not in known:
            pairs.append(code)
            out.append(code)
    return out
""",
        {"codes": LIST, "pairs": LIST, "known": ("set",), "code": INT},
    ),
    Lookalike(
        "slice_recursion",
        "the rest may not be asked for",
        "def f(xs):\n    if not xs:\n        return True\n    return xs[0] > 0 and f(xs[1:])\n",
        {"xs": LIST},
    ),
    Lookalike(
        "slice_recursion",
        "it prints on the way",
        "def f(xs):\n    if not xs:\n        return 0\n    print(xs[0])\n    return 1 + f(xs[1:])\n",
        {"xs": LIST},
    ),
    Lookalike(
        "factor_searches",
        "the divisor begins above a factor",
        """def f(n):
    out = []
    d = 3
    while n > 1:
        if n % d == 0:
            out.append(d)
            n //= d
        else:
            d += 1
    return out
""",
        {"n": INT, "d": INT},
    ),
    Lookalike(
        "trial_division",
        "the helper binds a name of the function around it",
        """def f(a, b):
    tries = 0

    def is_prime(n):
        nonlocal tries
        for d in range(2, n):
            if n % d == 0:
                return False
        return True

    return [p for p in range(a, b) if is_prime(p)], tries
""",
        {"a": INT, "b": INT, "n": INT, "d": INT},
    ),
]


@pytest.mark.parametrize("case", LOOKALIKES, ids=lambda case: f"{case.rule}-{case.why.replace(' ', '_')}")
def test_lookalike_is_left_alone(case: Lookalike) -> None:
    assert candidates(case.text, Facts(variable_types=case.types), case.rule) == []


def test_a_comment_beside_a_start_value_is_kept() -> None:
    text = "def f(xs):\n    total = 0  # nothing yet\n    for x in xs:\n        total += x * x\n    return total\n"
    (rewrite,) = candidates(text, Facts(variable_types={"xs": LIST, "x": INT, "total": INT}), "sum_loops")
    assert "total = 0  # nothing yet\n    total += sum(" in rewrite.text
