"""Prime factors by trial division: once the square of the divisor is above what is left, what is left is the next one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import match_block, match_statement
from secant.rewriting.performance.subject import Subject, is_int, names_in


def factor_loops(subject: Subject) -> Iterator[Rewrite | None]:
    """`for d in range(2, n + 1): while n % d == 0: ...; n //= d` -> divisors up to the root, then what is left.

    No number below `d` divides what is left of `n`, so if `d * d > n` the only divisor above 1 is `n` itself. Applies
    where the inner loop divides `n` in every pass and the variable is not read later.
    """
    for node in subject.nodes:
        for stop in ("_n + 1", "_m + 1"):
            found = match_statement(f"for _d in range(2, {stop}):\n    while _n % _d == 0:\n        __body", node)
            if found is None or not isinstance(node, ast.For) or not isinstance(found["_n"], ast.Name):
                continue
            if getattr(node, "was_while", False) or "_m" in found or not _divides(found["__body"], found):
                continue
            d, n = found["_d"].id, found["_n"].id
            if not subject.is_type(found["_n"], "int") or subject.is_loaded_outside(d, [node]):
                continue
            draft = Draft(subject)
            draft.expression(node.iter, f"range(2, {draft.imported('math.isqrt')}(max({n}, 0)) + 1)")
            again = "\n".join("    " + line for line in ast.unparse(node.body[0]).split("\n"))
            draft.after(node, f"if {n} > 1:  # a prime is left\n    {d} = {n}\n{again}")
            yield draft.finish("factor_loops", f"tries factors up to the root of {n}", 0.95)


def _divides(body: list[ast.stmt], names: dict[str, ast.expr]) -> bool:
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
    """`d = 2; while n > 1: if n % d == 0: ...; n //= d; else: d += 1` -> the step that leaves no factor out skips the rest.

    The step becomes `d = d + 1 if d * d <= n else n`.
    """
    for block in subject.blocks():
        for place, node in enumerate(block):
            if not isinstance(node, ast.While):
                continue
            for test in ("1 < _n", "_n != 1", "_d <= _n"):
                found = match_statement(f"while {test}:\n    if _n % _d == 0:\n        __body\n    else:\n        _d += 1", node)
                nested = match_statement(f"while {test}:\n    while _n % _d == 0:\n        __body\n    _d += 1", node)
                found = found or nested
                if found is None or not isinstance(found["_d"], ast.Name) or not isinstance(found["_n"], ast.Name):
                    continue
                d, n = found["_d"].id, found["_n"].id
                starts = [s for s in block[:place] if isinstance(s, ast.Assign) and d in names_in(s)]
                begins = bool(starts) and is_int(starts[-1].value, 2) and ast.unparse(starts[-1].targets[0]) == d
                if not begins or not _divides(found["__body"], found) or not subject.is_type(found["_n"], "int"):
                    continue
                if len(subject.bindings(d)) != 2 or subject.is_loaded_outside(d, [node, *starts]):
                    continue
                step = node.body[-1] if nested is not None else node.body[0].orelse[0]  # type: ignore[attr-defined]
                draft = Draft(subject)
                after = f"{d} = {d} + 1 if {d} * {d} <= {n} else max({n}, {d} + 1)"
                draft.statements(step, step, after)
                yield draft.finish("factor_searches", f"tries factors up to the root of {n}", 0.95)
