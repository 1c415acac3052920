"""Prime factors by trial division: once the divisor is above the root of what is left, what is left is a factor."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import Match, match_block, match_statement
from secant.rewriting.performance.subject import Subject, is_int, names_in


def factor_loops(subject: Subject) -> Iterator[Rewrite | None]:
    """`for d in range(2, n + 1): while n % d == 0: ...; n //= d` -> divisors up to the root, then what is left.

    No number below `d` divides what is left of `n`, so if `d * d > n` the only divisor above 1 is `n` itself. Applies
    where the inner loop divides `n` in every pass and the variable is not read later.
    """
    for node in subject.nodes:
        if not isinstance(node, ast.For) or getattr(node, "was_while", False):
            continue
        found = match_statement("for _d in range(2, _n + 1):\n    while _n % _d == 0:\n        __body", node)
        if found is None or not isinstance(found["_n"], ast.Name) or not _divides(found["__body"], found):
            continue
        d, n = found["_d"].id, found["_n"].id
        if not subject.is_type(found["_n"], "int") or subject.is_loaded_outside(d, [node]):
            continue
        draft = Draft(subject)
        draft.expression(node.iter, f"range(2, {draft.imported('math.isqrt')}(max({n}, 0)) + 1)")
        again = "\n".join("    " + line for line in ast.unparse(node.body[0]).split("\n"))
        draft.after(node, f"if {n} > 1:  # a prime is left\n    {d} = {n}\n{again}")
        yield draft.finish("factor_loops", f"tries factors up to the root of {n}", 0.95)


def _divides(body: list[ast.stmt], names: Match) -> bool:
    """Whether the body ends by dividing the number and stores to neither it nor the divisor before."""
    last = match_block("_n //= _d", body[-1:], {"_n": names["_n"], "_d": names["_d"]}) if body else None
    stored = {
        part.id
        for statement in body[:-1]
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)
    }
    leaves = any(isinstance(p, ast.Break | ast.Continue | ast.Return) for s in body for p in ast.walk(s))
    return last is not None and not leaves and not stored & (names_in(names["_n"]) | names_in(names["_d"]))


def factor_searches(subject: Subject) -> Iterator[Rewrite | None]:
    """`d = 2; while n > 1: if n % d == 0: ...; n //= d; else: d += 1` -> a last step to `n` once `d` is past its root.

    The step becomes `d = d + 1 if d * d <= n else n`. Also with an inner `while n % d == 0` and the step behind it.
    """
    for block in subject.blocks():
        for place, node in enumerate(block):
            if not isinstance(node, ast.While):
                continue
            for test in ("1 < _n", "_n != 1", "_d <= _n"):
                chosen = f"while {test}:\n    if _n % _d == 0:\n        __body\n    else:\n        _d += 1"
                nested = f"while {test}:\n    while _n % _d == 0:\n        __body\n    _d += 1"
                found = match_statement(chosen, node) or match_statement(nested, node)
                if found is not None and _counts_divisors(subject, block[:place], node, found):
                    yield _with_last_step(subject, node, found["_d"].id, found["_n"].id)


def _counts_divisors(subject: Subject, before: list[ast.stmt], node: ast.While, found: Match) -> bool:
    """Whether the divisor begins at 2 and only this loop changes it, and nobody asks for its last value."""
    if not isinstance(found["_d"], ast.Name) or not isinstance(found["_n"], ast.Name):
        return False
    d = found["_d"].id
    starts = [s for s in before if isinstance(s, ast.Assign) and d in names_in(s)]
    begins = bool(starts) and is_int(starts[-1].value, 2) and ast.unparse(starts[-1].targets[0]) == d
    unread = len(subject.bindings(d)) == 2 and not subject.is_loaded_outside(d, [node, *starts])
    return begins and unread and _divides(found["__body"], found) and subject.is_type(found["_n"], "int")


def _with_last_step(subject: Subject, node: ast.While, d: str, n: str) -> Rewrite | None:
    last = node.body[-1]
    step = last.orelse[0] if isinstance(last, ast.If) else last
    draft = Draft(subject)
    draft.statements(step, step, f"{d} = {d} + 1 if {d} * {d} <= {n} else max({n}, {d} + 1)")
    return draft.finish("factor_searches", f"tries factors up to the root of {n}", 0.95)
