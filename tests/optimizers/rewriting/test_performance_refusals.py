"""Functions that look like a rule's prey and are not: the rule must leave them alone, and each for its own reason."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from test_performance_harness import candidates

from secant.rewriting.facts import Facts


class Refusal(NamedTuple):
    """A function that the rule must not change."""

    rule: str
    why: str
    text: str
    types: dict[str, tuple[str, ...]]


INT, FLOAT, STR, LIST, ARRAY = ("int",), ("float",), ("str",), ("list",), ("ndarray",)

NEGATIVE = [
    Refusal(
        "memoize",
        "it prints",
        """def f(n):
    print(n)
    return f(n - 1) + f(n - 2) if n else 0
""",
        {"n": INT},
    ),
    Refusal(
        "memoize",
        "it reads the clock",
        """def f(n):
    return f(n - 1) + f(n - 2) + time.time()
""",
        {"n": INT},
    ),
    Refusal("memoize", "asked once", "def f(n):\n    return n * f(n - 1) if n else 1\n", {"n": INT}),
    Refusal(
        "memoize",
        "changes an argument",
        "def f(n, out):\n    out.append(n)\n    f(n - 1, out)\n    f(n - 2, out)\n",
        {"n": INT},
    ),
    Refusal(
        "memoize",
        "is cached",
        """@lru_cache
def f(n):
    return f(n - 1) + f(n - 2) if n > 1 else n
""",
        {"n": INT},
    ),
    Refusal(
        "memoize",
        "int and float are one key",
        "def f(n):\n    return f(n - 1) + f(n / 2) if n > 1 else n\n",
        {"n": ("int", "float")},
    ),
    Refusal(
        "memoize",
        "a caller changes the result",
        """def f(n):
    if n == 0:
        return [0]
    r = f(n - 1)
    r.append(len(f(n - 1)))
    return r
""",
        {"n": INT},
    ),
    Refusal(
        "memoize",
        "remembers already",
        """def f(n, memo):
    if n in memo:
        return memo[n]
    memo[n] = f(n - 1, memo) + f(n - 2, memo)
    return memo[n]
""",
        {"n": INT},
    ),
    Refusal(
        "membership",
        "substrings",
        """def f(xs, s):
    return [x for x in xs if x in s]
""",
        {"s": STR, "x": STR},
    ),
    Refusal(
        "memoize",
        "two lists of one length begin it",
        """def f(xs, ys):
    def g(zs):
        return g(zs[1:]) + g(zs[2:]) + zs[0] if zs else 0

    return g(xs) - g(ys)
""",
        {"xs": LIST},
    ),
    Refusal(
        "membership",
        "the list changes",
        "def f(xs, ys):\n    for x in xs:\n        if x in ys:\n            ys.remove(x)\n",
        {"ys": LIST, "x": INT},
    ),
    Refusal(
        "membership",
        "a list cannot be sought in a set",
        "def f(xs, ys):\n    return [x for x in xs if x in ys]\n",
        {"ys": LIST, "x": LIST},
    ),
    Refusal("membership", "one look-up", "def f(x, ys):\n    return x in ys\n", {"ys": LIST, "x": INT}),
    Refusal(
        "membership",
        "an iterator is used up",
        "def f(xs, ys):\n    return [x for x in xs if x in ys]\n",
        {"ys": ("generator",), "x": INT},
    ),
    Refusal(
        "membership",
        "may be the list that changes",
        "def f(xs, ys):\n    for x in xs:\n        if x in ys:\n            xs.append(0)\n",
        {"ys": LIST, "xs": LIST, "x": INT},
    ),
    Refusal(
        "growing",
        "elements are lists",
        """def f(xs):
    out = []
    for x in xs:
        if x not in out:
            out.append(x)
    return out
""",
        {"x": LIST},
    ),
    Refusal(
        "growing",
        "also removed from",
        """def f(xs):
    out = []
    for x in xs:
        if x not in out:
            out.append(x)
        else:
            out.remove(x)
    return out
""",
        {"x": INT, "out": LIST},
    ),
    Refusal(
        "growing",
        "known by another name",
        """def f(xs):
    out = []
    box.kept = out
    g(out)
    for x in xs:
        if x not in out:
            out.append(x)
    return out
""",
        {"x": INT, "out": LIST},
    ),
    Refusal(
        "counting",
        "substrings",
        """def f(words, s):
    return [s.count(w) for w in words]
""",
        {"s": STR, "w": STR},
    ),
    Refusal(
        "positions",
        "the list changes",
        "def f(xs, ys):\n    for x in xs:\n        i = ys.index(x)\n        ys.pop(i)\n",
        {"ys": LIST, "x": INT},
    ),
    Refusal(
        "prefixes",
        "may be negative",
        "def f(xs, k):\n    return [x for x in xs if x in xs[:k]]\n",
        {"xs": LIST, "x": INT, "k": INT},
    ),
    Refusal(
        "joins",
        "the inner list grows",
        """def f(xs, ys):
    for x in xs:
        for y in ys:
            if x == y:
                ys.append(x)
                break
""",
        {"xs": LIST, "ys": LIST},
    ),
    Refusal(
        "joins",
        "the key changes",
        """def f(xs, ys):
    for x in xs:
        for y in ys:
            if x['k'] == y['k']:
                y['k'] = 0
""",
        {"xs": LIST, "ys": LIST},
    ),
    Refusal(
        "joins",
        "counts what does not match",
        """def f(xs, ys):
    n = 0
    for x in xs:
        for y in ys:
            n += 1
            if x == y:
                break
    return n
""",
        {"xs": LIST, "ys": LIST},
    ),
    Refusal(
        "joins",
        "the inner variable is read later",
        """def f(xs, ys):
    y = None
    for x in xs:
        for y in ys:
            if x == y:
                break
    return y
""",
        {"xs": LIST, "ys": LIST},
    ),
    Refusal(
        "joins",
        "floats do not add exactly",
        """def f(xs, t):
    for i in range(len(xs)):
        for j in range(i + 1, len(xs)):
            if xs[i] + xs[j] == t:
                return i
""",
        {"xs": LIST, "t": FLOAT},
    ),
    Refusal(
        "hand_written_sort",
        "not stable",
        """def f(xs):
    n = len(xs)
    for i in range(n):
        m = i
        for j in range(i + 1, n):
            if xs[j][0] < xs[m][0]:
                m = j
        xs[i], xs[m] = xs[m], xs[i]
    return xs
""",
        {"xs": LIST},
    ),
    Refusal(
        "hand_written_sort",
        "one pass only",
        """def f(xs):
    for i in range(1):
        for j in range(len(xs) - 1):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
""",
        {"xs": LIST},
    ),
    Refusal(
        "hand_written_sort",
        "counts the swaps",
        """def f(xs):
    n = 0
    for i in range(len(xs)):
        for j in range(len(xs) - 1):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
                n += 1
    return n
""",
        {"xs": LIST},
    ),
    Refusal(
        "insert_at_front",
        "read in the loop",
        "def f(xs):\n    out = []\n    for x in xs:\n        out.insert(0, x + len(out))\n    return out\n",
        {},
    ),
    Refusal(
        "deque_queue",
        "kept in a tuple",
        """def f(xs):
    q = list(xs)
    while q:
        if q.pop(0):
            break
    return (q, 1)
""",
        {},
    ),
    Refusal(
        "deque_queue",
        "sliced",
        """def f(xs):
    q = list(xs)
    while q:
        q.pop(0)
        g = q[1:]
""",
        {},
    ),
    Refusal("deque_queue", "the caller's list", "def f(q):\n    while q:\n        q.pop(0)\n", {"q": LIST}),
    Refusal(
        "window_sums",
        "the list changes",
        "def f(xs):\n    for i in range(len(xs)):\n        xs[i] = sum(xs[:i])\n    return xs\n",
        {"xs": LIST},
    ),
    Refusal(
        "running_extremes",
        "may be no place",
        "def f(xs, n):\n    return [max(xs[:i + 1]) for i in range(n)]\n",
        {"xs": LIST, "n": INT},
    ),
    Refusal(
        "sum_loops",
        "floats add differently",
        "def f(xs):\n    t = 0.0\n    for x in xs:\n        t += x\n    return t\n",
        {"t": FLOAT, "x": FLOAT},
    ),
    Refusal(
        "joined_pieces",
        "the text is read",
        """def f(xs):
    s = ''
    for x in xs:
        s += x
        if len(s) > 3:
            break
    return s
""",
        {"s": STR, "x": STR},
    ),
    Refusal(
        "appended",
        "somebody holds the old list",
        """def f(xs):
    out = []
    for x in xs:
        old = out
        out = out + [x]
    return old
""",
        {},
    ),
    Refusal(
        "mirrored",
        "not the mirror",
        """def f(s):
    for i in range(len(s) // 2):
        if s[i] != s[i + 1]:
            return False
    return True
""",
        {"s": STR},
    ),
    Refusal(
        "invariants",
        "each pass has its own list",
        "def f(xs, ys):\n    out = []\n    for x in xs:\n        out.append(sorted(ys))\n    return out\n",
        {"ys": LIST},
    ),
    Refusal(
        "invariants",
        "fails only if reached",
        "def f(xs, ys):\n    return [x / max(ys) for x in xs]\n",
        {"ys": LIST, "xs": LIST},
    ),
    Refusal(
        "invariants",
        "the list changes",
        "def f(xs):\n    for i in range(len(xs)):\n        xs[i] = xs[i] / sum(xs)\n",
        {"xs": LIST},
    ),
    Refusal(
        "early_exit",
        "the last hit counts",
        """def f(xs, y):
    at = 0
    for i in range(len(xs)):
        if xs[i] == y:
            at = i
    return at
""",
        {"xs": LIST},
    ),
    Refusal(
        "early_exit",
        "an iterator would be left half read",
        """def f(it):
    found = False
    for x in it:
        if x:
            found = True
    return found
""",
        {"it": ("generator",)},
    ),
    Refusal(
        "trial_division",
        "floats",
        """def f(n):
    for d in range(2, int(n)):
        if n % d == 0:
            return False
    return True
""",
        {"n": FLOAT},
    ),
    Refusal(
        "trial_division",
        "all divisors count",
        """def f(n):
    c = 0
    for d in range(2, n):
        if n % d == 0:
            c += 1
    return c
""",
        {"n": INT},
    ),
    Refusal(
        "powers",
        "floats",
        "def f(b, k):\n    r = 1\n    for _ in range(k):\n        r *= b\n    return r\n",
        {"b": FLOAT, "k": INT, "r": ("int", "float")},
    ),
    Refusal(
        "vectorized",
        "lists",
        "def f(a, b):\n    s = 0\n    for i in range(len(a)):\n        s += a[i] * b[i]\n    return s\n",
        {"a": LIST, "b": LIST},
    ),
    Refusal(
        "vectorized",
        "each place depends on the last",
        "def f(a):\n    for i in range(1, len(a)):\n        a[i] = a[i] + a[i - 1]\n    return a\n",
        {"a": ARRAY},
    ),
    Refusal(
        "cells",
        "the frame changes",
        "def f(df):\n    for i in range(len(df)):\n        df.loc[i, 'b'] = df.loc[i, 'a']\n",
        {"df": ("DataFrame",)},
    ),
    Refusal(
        "row_loops",
        "the row itself is kept",
        "def f(df):\n    return [row for _, row in df.iterrows()]\n",
        {"df": ("DataFrame",)},
    ),
]


@pytest.mark.parametrize("case", NEGATIVE, ids=lambda case: f"{case.rule}-{case.why.replace(' ', '_')}")
def test_rule_leaves_it_alone(case: Refusal) -> None:
    facts = Facts(
        variable_types=case.types, imports={"np": "numpy", "time": "time", "lru_cache": "functools.lru_cache"}
    )
    assert candidates(case.text, facts, case.rule) == []


@pytest.mark.parametrize(
    "text",
    [
        "def f(): pass\n",
        "def f(x): return x in [x for x in x]\n",
        "async def f(x):\n    async for y in x:\n        yield y\n",
        "def f():\n    ...\n",
        "    def f(self): return self.f(self.f)",
    ],
)
def test_odd_functions_yield_nothing(text: str) -> None:
    assert candidates(text, Facts()) == []
