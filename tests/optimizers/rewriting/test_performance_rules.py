"""Each rule on a function that it should change, executed old against new, edge cases included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from test_performance_harness import assert_same, candidates, facts_of


class Example(NamedTuple):
    """A function, the calls that show its types and edge cases, and what the new text must contain."""

    rule: str
    text: str
    calls: Sequence[Sequence[Any]]
    contains: str
    imports: dict[str, str] = {}  # noqa: RUF012 # because a NamedTuple's default is never changed


POSITIVE = [
    Example(
        "memoize",
        """def grid(cost, row, column):
    \"\"\"Least cost.\"\"\"
    if row < 0 or column < 0:
        return 10 ** 9
    if row == 0 and column == 0:
        return cost[0][0]
    best = min(grid(cost, row - 1, column), grid(cost, row, column=column - 1))
    return cost[row][column] + best
""",
        [([[1, 2], [3, 4]], 1, 1), ([[1]], 0, 0), ([[1]], -1, 0), ([[1, 2]], 1, 1)],
        "grid_of(row - 1, column)",
    ),
    Example(
        "memoize",
        """def words(text, vocabulary):
    if not text:
        return 1
    total = 0
    for word in vocabulary:
        if text.startswith(word):
            total += words(text[len(word):], vocabulary)
    return total
""",
        [("aab", ["a", "aa", "b"]), ("", ["a"]), ("zz", ["a"]), ("ab", [])],
        "words_of(text[len(word):])",
    ),
    Example(
        "memoize",
        """def common(a, b):
    def rec(i, j):
        if i == len(a) or j == len(b):
            return 0
        if a[i] == b[j]:
            return 1 + rec(i + 1, j + 1)
        return max(rec(i + 1, j), rec(i, j + 1))

    return rec(0, 0)
""",
        [("abcd", "acbd"), ("", "x"), ([1, 2], [2, 1])],
        "answers = {}",
    ),
    Example(
        "membership",
        """def both(xs, ys):
    return [x for x in xs if x in ys]
""",
        [([1, 2, 2, 3], [2, 2, 9]), ([], [1]), ([1], []), ([1], [[1], 1])],
        "ys_set = set(ys)",
    ),
    Example(
        "growing",
        """def unique(xs):
    out = []
    for x in xs:
        if x not in out:
            out.append(x)
    return out
""",
        [([3, 1, 3, 2, 1],), ([],), ([1],)],
        "seen.add(x)",
    ),
    Example(
        "counting",
        """def tally(xs):
    result = {}
    for x in xs:
        result[x] = xs.count(x)
    return result
""",
        [(["a", "b", "a"],), ([],), ((("x"), "x"),)],
        "Counter(xs)",
    ),
    Example(
        "counting",
        """def first_single(text):
    for letter in text:
        if text.count(letter) == 1:
            return letter
    return None
""",
        [("aabc",), ("",), ("aa",)],
        "Counter(text)",
    ),
    Example(
        "positions",
        """def places(xs, wanted):
    found = []
    for w in wanted:
        found.append(xs.index(w))
    return found
""",
        [([5, 6, 5], [6, 5]), ([1], [2]), ([], []), ([[1], 2], [2])],
        "position_of",
    ),
    Example(
        "positions",
        """def arrange(xs, order):
    return sorted(xs, key=lambda x: order.index(x))
""",
        [([3, 1, 2], [1, 2, 3]), ([1], [2]), ([], [])],
        "position_of",
    ),
    Example(
        "prefixes",
        """def repeats(xs):
    out = []
    for i, x in enumerate(xs):
        if x in xs[:i] and x not in xs[i + 1:]:
            out.append(x)
    return out
""",
        [([1, 2, 1, 1],), ([],), ([1],)],
        "_place",
    ),
    Example(
        "keys_of_dict",
        """def known(words, table):
    return [word for word in words if word in list(table.keys())]
""",
        [(["a", "b"], {"b": 1}), ([], {}), (["a"], {})],
        "word in (table if word.__hash__",
    ),
    Example(
        "joins",
        """def enrich(orders, customers):
    rows = []
    for order in orders:
        for customer in customers:
            if customer["id"] == order["customer"] and customer["active"]:
                order["name"] = customer["name"]
                rows.append((order["customer"], customer["name"]))
    return rows
""",
        [
            (
                [{"customer": 1}, {"customer": 2}, {"customer": 1}],
                [
                    {"id": 1, "active": True, "name": "a"},
                    {"id": 1, "active": True, "name": "b"},
                    {"id": 2, "active": False, "name": "c"},
                ],
            ),
            ([], [{"no": 1}]),
            ([{"customer": 1}], []),
            ([{"customer": [1]}], [{"id": [1], "active": True, "name": "list"}]),
            ([{"customer": 1}], [{"active": True}]),
            ([{}], []),
            ([{"customer": [1]}], [{"id": 1, "active": True, "name": "a"}]),
        ],
        "by_key",
    ),
    Example(
        "joins",
        """def two_sum(numbers, target):
    for i in range(len(numbers)):
        for j in range(i + 1, len(numbers)):
            if numbers[i] + numbers[j] == target:
                return [i, j]
    return None
""",
        [([3, 5, 3, 1], 6), ([], 1), ([1, 1, 1], 2), ([1, 2], 9), ([0.5, 0.5], 1), ([True, 1], 2)],
        "bisect_left",
    ),
    Example(
        "joins",
        """def has_duplicates(xs):
    for i in range(len(xs)):
        for j in range(len(xs)):
            if i != j and xs[i] == xs[j]:
                return True
    return False
""",
        [([1, 2, 1],), ([],), ([1],), ([[1], [1]],), ([float("nan")] * 2,)],
        "by_key",
    ),
    Example(
        "joins",
        """def pairs(xs, ys):
    return [(x, y) for x in xs for y in ys if x[0] == y[0]]
""",
        [([(1, "a"), (2, "b")], [(2, "c"), (1, "d"), (1, "e")]), ([], []), ([(1,)], [()])],
        "by_key",
    ),
    Example(
        "hand_written_sort",
        """def bubble(rows):
    n = len(rows)
    for i in range(n):
        swapped = False
        for j in range(0, n - i - 1):
            if rows[j][1] > rows[j + 1][1]:
                rows[j], rows[j + 1] = rows[j + 1], rows[j]
                swapped = True
        if not swapped:
            break
    return rows
""",
        [([("a", 2), ("b", 1), ("c", 2), ("d", 1)],), ([],), ([("a", 1)],)],
        "rows.sort(key=lambda item: item[1])",
    ),
    Example(
        "hand_written_sort",
        """def descending(xs):
    for i in range(len(xs)):
        for j in range(len(xs) - 1):
            if xs[j] < xs[j + 1]:
                t = xs[j]
                xs[j] = xs[j + 1]
                xs[j + 1] = t
""",
        [([1, 3, 2, 3],), ([],), ([1],)],
        "xs.sort(reverse=True)",
    ),
    Example(
        "hand_written_sort",
        """def select(xs):
    xs = list(xs)
    n = len(xs)
    for i in range(n - 1):
        smallest = i
        for j in range(i + 1, n):
            if xs[j] < xs[smallest]:
                smallest = j
        if smallest != i:
            xs[i], xs[smallest] = xs[smallest], xs[i]
    return xs
""",
        [([3, 1, 2, 1],), ([],), ((2, 1),)],
        "xs.sort()",
    ),
    Example(
        "hand_written_sort",
        """def insert(xs):
    i = 1
    while i < len(xs):
        x = xs[i]
        j = i - 1
        while j >= 0 and xs[j] > x:
            xs[j + 1] = xs[j]
            j -= 1
        xs[j + 1] = x
        i += 1
    return xs
""",
        [([3, 1, 2, 1],), ([],), ([1],)],
        "xs.sort()",
    ),
    Example(
        "hand_written_sort",
        """def until_sorted(xs):
    swapped = True
    while swapped:
        swapped = False
        for i in range(1, len(xs)):
            if xs[i - 1] > xs[i]:
                xs[i - 1], xs[i] = xs[i], xs[i - 1]
                swapped = True
    return xs
""",
        [([3, 1, 2],), ([],)],
        "xs.sort()",
    ),
    Example(
        "selection_into_list",
        """def drain(xs):
    rest = list(xs)
    out = []
    while rest:
        least = min(rest)
        out.append(least)
        rest.remove(least)
    return out
""",
        [([3, 1, 2, 1],), ([],)],
        "out.extend(sorted(rest))",
    ),
    Example(
        "insertion_into_list",
        """def ordered(xs):
    out = []
    for x in xs:
        k = 0
        while k < len(out) and out[k] <= x:
            k += 1
        out.insert(k, x)
    return out
""",
        [([3, 1, 2, 1],), ([],), ("hello",)],
        "out = sorted(xs)",
    ),
    Example(
        "insert_at_front",
        """def backwards(xs):
    out = []
    for x in xs:
        if x:
            out.insert(0, x)
    return out
""",
        [([1, 0, 2],), ([],)],
        "out.reverse()",
    ),
    Example(
        "deque_queue",
        """def reachable(graph, start):
    seen = {start}
    queue = [start]
    order = []
    while queue:
        node = queue.pop(0)
        order.append(node)
        for other in graph.get(node, []):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return order
""",
        [({1: [2, 3], 2: [3], 3: [1]}, 1), ({}, 5)],
        "queue.popleft()",
    ),
    Example(
        "window_sums",
        """def averages(xs, k):
    return [sum(xs[i:i + k]) / k for i in range(len(xs) - k + 1)]
""",
        [([1, 2, 3, 4], 2), ([], 1), ([1, 2], 3), ([0.1, 0.2, 0.3], 2), ([1, 2, 3], -1), ([1], 0)],
        "accumulate",
    ),
    Example(
        "running_extremes",
        """def water(h):
    held = 0
    for i in range(len(h)):
        held += min(max(h[:i + 1]), max(h[i:])) - h[i]
    return held
""",
        [([3, 0, 2, 0, 4],), ([],), ([1],)],
        "max_before[i]",
    ),
    Example(
        "extreme_loops",
        """def peaks(h):
    out = []
    for i in range(len(h)):
        best = h[i]
        for j in range(i + 1):
            if h[j] > best:
                best = h[j]
        out.append(best)
    return out
""",
        [([1, 3, 2],), ([],)],
        "max(h[:i + 1])",
    ),
    Example(
        "index_sums",
        """def best_window(xs, k):
    best = 0
    for i in range(len(xs) - k + 1):
        total = 0
        for j in range(i, i + k):
            total += xs[j]
        best = max(best, total)
    return best
""",
        [([1, 2, 3], 2), ([], 1), ([4], 1), ([1, 2], -1), ([1, 2], 0)],
        "sum(xs[i:i + k])",
    ),
    Example(
        "sum_loops",
        """def below(n):
    total = 0
    for i in range(n):
        total += i
    return total
""",
        [(10,), (0,), (-3,), (1,)],
        "// 2",
    ),
    Example(
        "joined_pieces",
        """def spell(words):
    text = ""
    for word in words:
        text = word + text
    return text
""",
        [(["a", "b", "c"],), ([],)],
        "''.join(reversed(pieces))",
    ),
    Example(
        "appended",
        """def doubled(xs):
    out = []
    for x in xs:
        out = out + [x * 2]
    return out
""",
        [([1, 2],), ([],)],
        "out.append(x * 2)",
    ),
    Example(
        "mirrored",
        """def palindrome(text):
    left, right = 0, len(text) - 1
    while left < right:
        if text[left] != text[right]:
            return False
        left += 1
        right -= 1
    return True
""",
        [("abba",), ("abca",), ("",), ("a",), ([1, 2, 1],)],
        "text != text[::-1]",
    ),
    Example(
        "invariants",
        """def scale(xs):
    return [x / max(xs) for x in xs]
""",
        [([1, 2, 4],), ([],), ([0],)],
        "max_xs = max(xs) if xs else None",
    ),
    Example(
        "compiled_patterns",
        """def numbers(lines):
    found = []
    for line in lines:
        match = re.match(r"(\\d+)", line)
        if match:
            found.append(re.sub("0", "o", match.group(1)))
    return found
""",
        [(["10 a", "b"],), ([],)],
        "re.compile(",
        {"re": "re"},
    ),
    Example(
        "early_exit",
        """def has(xs, y):
    found = False
    for x in xs:
        if x == y:
            found = True
    return found
""",
        [([1, 2, 2], 2), ([], 1), ([3], 1)],
        "break",
    ),
    Example(
        "generators",
        """def negative(xs):
    return any([x < 0 for x in xs])
""",
        [([1, -1],), ([],), ([1],)],
        "any(x < 0 for x in xs)",
    ),
    Example(
        "trial_division",
        """def is_prime(n):
    if n < 2:
        return False
    for d in range(2, n):
        if n % d == 0:
            return False
    return True
""",
        [(n,) for n in range(-2, 60)],
        "isqrt",
    ),
    Example(
        "divisors",
        """def divisors(n):
    out = []
    for d in range(1, n + 1):
        if n % d == 0:
            out.append(d)
    return out
""",
        [(n,) for n in range(-2, 50)],
        "isqrt",
    ),
    Example(
        "divisors",
        """def perfect(n):
    return sum(d for d in range(1, n) if n % d == 0) == n
""",
        [(n,) for n in range(-2, 30)],
        "isqrt",
    ),
    Example(
        "prime_sieve",
        """def primes(n):
    out = []
    for p in range(2, n + 1):
        prime = True
        for d in range(2, p):
            if p % d == 0:
                prime = False
                break
        if prime:
            out.append(p)
    return out
""",
        [(n,) for n in range(-2, 40)],
        "bytearray",
    ),
    Example(
        "powers",
        """def power(b, k, m):
    r = 1
    for _ in range(k):
        r = (r * b) % m
    return r
""",
        [(3, 5, 7), (2, 0, 1), (2, -1, 5), (5, 3, 0), (5, 3, -7)],
        "pow(b, k, m)",
    ),
    Example(
        "common_divisors",
        """def gcd(a, b):
    g = 1
    for d in range(1, min(a, b) + 1):
        if a % d == 0 and b % d == 0:
            g = d
    return g
""",
        [(12, 18), (0, 5), (-4, 6), (7, 7)],
        "gcd_(a, b)",
    ),
    Example(
        "memoize",
        """def subset(numbers, target):
    if target == 0:
        return True
    if not numbers:
        return False
    return subset(numbers[1:], target - numbers[0]) or subset(numbers[1:], target)
""",
        [([3, 4, 5], 9), ([], 1), ([], 0), ([1], 2)],
        "key = (len(numbers), target)",
    ),
    Example(
        "memoize",
        """def longest(numbers):
    def grow(i, last):
        if i == len(numbers):
            return 0
        skipped = grow(i + 1, last)
        if last == -1 or numbers[i] > numbers[last]:
            return max(skipped, 1 + grow(i + 1, i))
        return skipped

    return grow(0, -1)
""",
        [([1, 3, 2, 4],), ([],)],
        "key = (i, last)",
    ),
    Example(
        "growing",
        """def unique(items):
    kept = []
    for i in range(len(items)):
        if items[i] not in kept:
            kept.append(items[i])
    return kept
""",
        [([1, 2, 1],), ([[1], [1], 2],), ([],), ([{1}, frozenset([1])],)],
        "(seen if items[i].__hash__ else kept)",
    ),
    Example(
        "joins",
        """def names(ids, users):
    out = []
    for i in ids:
        match = next((user for user in users if user["id"] == i), None)
        out.append(match["name"] if match else None)
    return out
""",
        [([1, 3, 1], [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]), ([], [{}]), ([1], [{}])],
        "by_key",
    ),
    Example(
        "joins",
        """def anagrams(words):
    found = []
    for i in range(len(words)):
        for j in range(i + 1, len(words)):
            if sorted(words[i]) == sorted(words[j]):
                found.append((words[i], words[j]))
    return found
""",
        [(["ab", "c", "ba", "ab"],), ([],), ([[1], [1]],), ([[[1]], [[1]]],)],
        "tuple(sorted(words[i]))",
    ),
    Example(
        "invariants",
        """def frequencies(text):
    counts = {}
    for word in text.split():
        counts[word] = text.split().count(word)
    return counts
""",
        [("a b a",), ("",)],
        "text_split = text.split()",
    ),
    Example(
        "trial_division",
        """def is_prime(n):
    if n < 2:
        return False
    d = 2
    while d < n:
        if n % d == 0:
            return False
        d += 1
    return True
""",
        [(n,) for n in range(-2, 60)],
        "while d * d <= n:",
    ),
    Example(
        "largest_ones",
        """def top(xs, k):
    rest = list(xs)
    out = []
    for _ in range(k):
        m = max(rest)
        out.append(m)
        rest.remove(m)
    return out
""",
        [([3, 1, 3, 2], 2), ([], 0), ([], 1), ([1], 2), ([1, 2], -1)],
        "sorted(rest, reverse=True)",
    ),
    Example(
        "sorted_insertion",
        """def medians(xs):
    seen = []
    out = []
    for x in xs:
        seen.append(x)
        seen.sort()
        out.append(seen[len(seen) // 2])
    return out
""",
        [([3, 1, 2, 1],), ([],)],
        "insort(seen, x)",
    ),
    Example(
        "reversed_text",
        """def backwards(text):
    result = ""
    for i in range(len(text) - 1, -1, -1):
        result = result + text[i]
    return result
""",
        [("abc",), ("",)],
        "text[::-1]",
    ),
    Example(
        "deque_queue",
        """def rotate(xs, k):
    xs = list(xs)
    for _ in range(k):
        xs.insert(0, xs.pop())
    return xs
""",
        [([1, 2, 3], 2), ([1], 5), ([], 0), ([], 1)],
        "return list(xs)",
    ),
]


@pytest.mark.parametrize("example", POSITIVE, ids=lambda example: f"{example.rule}-{example.text[4:16].split('(')[0]}")
def test_rule_says_the_same_thing(example: Example) -> None:
    surroundings = "".join(f"import {module} as {name}\n" for name, module in example.imports.items())
    facts = facts_of(example.text, example.calls[:1], surroundings, imports=example.imports)
    found = candidates(example.text, facts, example.rule)
    assert found, f"{example.rule} does not apply:\n{example.text}"
    assert any(example.contains in rewrite.text for rewrite in found), found[0].text
    for rewrite in found:
        assert_same(example.text, rewrite, example.calls, surroundings)
        again = [other for other in candidates(rewrite.text, facts, example.rule) if other.text == rewrite.text]
        assert not again


@pytest.mark.parametrize("example", POSITIVE, ids=lambda example: f"{example.rule}-{example.text[4:16].split('(')[0]}")
def test_a_method_is_rewritten_in_its_own_indentation(example: Example) -> None:
    """The same function indented by a tab in a class: what is made of it keeps the tabs."""
    text = "".join("\t" + line.replace("    ", "\t") for line in example.text.splitlines(keepends=True))
    surroundings = "".join(f"import {module} as {name}\n" for name, module in example.imports.items())
    facts = facts_of(example.text, example.calls[:1], surroundings, imports=example.imports)
    for rewrite in candidates(text, facts, example.rule):
        assert all(line.startswith("\t") for line in rewrite.text.splitlines() if line.strip())
        assert "    " not in "".join(line[: len(line) - len(line.lstrip())] for line in rewrite.text.splitlines())
        assert_same(text, rewrite, example.calls[:2], surroundings)


def test_comments_decorators_and_formatting_outside_the_change_are_kept() -> None:
    text = """@staticmethod
def f( xs,ys = () ):  # the header
    # why
    total = [  ]   # odd spacing
    for x in xs:   # each
        if x in xs:  # known
            total.append( x )
    return total  # done
"""
    (rewrite,) = candidates(text, facts_of(text, [([1],)], ""), "membership")
    old, new = text.splitlines(), rewrite.text.splitlines()
    assert [line for line in old if line not in new] == ["        if x in xs:  # known"]
    assert "        if x in xs_set:  # known" in new


def test_rewrites_come_in_one_order_and_none_twice() -> None:
    text = POSITIVE[11].text
    facts = facts_of(text, POSITIVE[11].calls)
    first, second = candidates(text, facts), candidates(text, facts)
    assert first == second
    assert len({rewrite.text for rewrite in first}) == len(first)
    assert [rewrite.prior for rewrite in first] == sorted((rewrite.prior for rewrite in first), reverse=True)
