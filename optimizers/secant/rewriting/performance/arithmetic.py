"""Loops over numbers that number theory shortens: divisors, primes, powers, greatest common divisors.

All of them are exact for integers, so they apply only where the numbers are known to be integers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import Match, match_block, match_expression, match_statement
from secant.rewriting.performance.normal import same
from secant.rewriting.performance.subject import Subject, is_int, names_in, range_bounds


def trial_division(subject: Subject) -> Iterator[Rewrite | None]:
    """`for d in range(2, n): if n % d == 0: return False` -> `range(2, isqrt(n) + 1)`.

    A number that has a divisor between 1 and itself has one that is not above its root, and the smallest such divisor
    is never above it. Applies where the loop ends at the first divisor, or only sets a flag, and nobody reads the
    variable later.
    """
    for node in subject.nodes:
        if isinstance(node, ast.For):
            yield _trial_loop(subject, node)
        elif isinstance(node, ast.Call):
            yield _trial_call(subject, node)


def _trial_loop(subject: Subject, node: ast.For) -> Rewrite | None:
    found = match_statement("for _d in _range:\n    if _n % _d == 0:\n        __body", node) or match_statement(
        "for _d in _range:\n    if _n % _d == 0:\n        __body\nelse:\n    __else", node
    )
    if found is None or not isinstance(found["_d"], ast.Name) or not _is_trial_range(subject, node.iter, found["_n"]):
        return None
    body: list[ast.stmt] = found["__body"]
    ends = bool(body) and isinstance(body[-1], ast.Return | ast.Break | ast.Raise)
    flag = len(body) == 1 and isinstance(body[0], ast.Assign) and isinstance(body[0].value, ast.Constant)
    names = {n.id for s in body for n in ast.walk(s) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    if not (ends or flag) or names & names_in(found["_n"]) or subject.is_loaded_outside(found["_d"].id, [node]):
        return None
    test = getattr(node, "while_test", None)
    if isinstance(test, ast.expr):
        draft = Draft(subject)
        divisor = ast.unparse(found["_d"])
        draft.expression(test, f"{divisor} * {divisor} <= {ast.unparse(found['_n'])}")
        return draft.finish("trial_division", "tries divisors up to the root", 0.95)
    return _up_to_root(subject, node.iter, found["_n"], "isqrt")


def _trial_call(subject: Subject, node: ast.Call) -> Rewrite | None:
    """`all(n % d for d in range(2, n))`, `any(n % d == 0 for d in range(2, n))` and their like."""
    function = node.func.id if isinstance(node.func, ast.Name) else ""
    inner = node.args[0] if len(node.args) == 1 else None
    if not isinstance(inner, ast.GeneratorExp | ast.ListComp) or len(inner.generators) != 1 or inner.generators[0].ifs:
        return None
    pattern = {"all": ("_n % _d", "_n % _d != 0", "0 < _n % _d"), "any": ("_n % _d == 0",)}.get(function, ())
    for spelling in pattern:
        found = match_expression(spelling, inner.elt, {"_d": inner.generators[0].target})
        if found is not None and _is_trial_range(subject, inner.generators[0].iter, found["_n"]):
            return _up_to_root(subject, inner.generators[0].iter, found["_n"], "isqrt")
    return None


def _is_trial_range(subject: Subject, iterator: ast.expr, number: ast.expr) -> bool:
    """Whether the range is from 2 to the number or to its half, both of which reach all that decides."""
    bounds = range_bounds(iterator)
    if bounds is None or not is_int(bounds[0], 2) or not isinstance(number, ast.Name):
        return False
    half = match_expression("_n // 2 + 1", bounds[1], {"_n": number}) or match_expression(
        "int(_n / 2) + 1", bounds[1], {"_n": number}
    )
    return subject.is_type(number, "int") and (same(bounds[1], number) or half is not None)


def _up_to_root(subject: Subject, iterator: ast.expr, number: ast.expr, function: str) -> Rewrite | None:
    draft = Draft(subject)
    root = draft.imported(f"math.{function}")
    spelling = ast.unparse(number)
    draft.expression(iterator, f"range(2, {root}(max({spelling}, 0)) + 1)")
    return draft.finish("trial_division", f"tries divisors up to the root of {spelling}", 0.95)


def divisors(subject: Subject) -> Iterator[Rewrite | None]:
    """`for d in range(1, n + 1): if n % d == 0: ...` -> the loop over the divisors alone.

    They are found in pairs up to the root of `n`. They come in the same order and the test stays. Applies to
    ranges up to `n`, `n + 1` and `n // 2 + 1`.
    """
    for node in subject.nodes:
        if not isinstance(node, ast.For | ast.comprehension):
            continue
        number = _tested_number(node)
        if number is None or not isinstance(node.target, ast.Name) or getattr(node, "was_while", False):
            continue
        bounds = range_bounds(node.iter)
        if bounds is None or not (is_int(bounds[0], 1) or is_int(bounds[0], 2)) or not subject.is_type(number, "int"):
            continue
        stop = next(
            (
                stop
                for stop in ("{n} + 1", "{n}", "{n} // 2 + 1")
                if ast.unparse(bounds[1]) == stop.format(n=ast.unparse(number))
            ),
            None,
        )
        later = isinstance(node, ast.For) and subject.is_loaded_outside(node.target.id, [node])
        assigned = subject.loop_effects(node).assigned if isinstance(node, ast.For) else frozenset[str]()
        if stop is not None and not later and not names_in(number) & assigned:
            yield _over_divisors(subject, node, number, bounds)


def _tested_number(node: ast.For | ast.comprehension) -> ast.expr | None:
    """`n` where all that the loop does is done under `n % d == 0`."""
    if isinstance(node, ast.For):
        inner = node.body[0]
        test = (
            inner.test
            if len(node.body) == 1 and isinstance(inner, ast.If) and not inner.orelse and not node.orelse
            else None
        )
    else:
        test = node.ifs[0] if node.ifs else None
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        test = test.values[0]
    found = match_expression("_n % _d == 0", test, {"_d": node.target}) if test is not None else None
    return found["_n"] if found and isinstance(found["_n"], ast.Name) else None


def _over_divisors(
    subject: Subject, node: ast.For | ast.comprehension, number: ast.expr, bounds: tuple[ast.expr, ast.expr]
) -> Rewrite | None:
    draft = Draft(subject)
    root = draft.imported("math.isqrt")
    n, small, pairs = ast.unparse(number), subject.free_name("small", "small_ones"), subject.free_name("divisor", "d_")
    start, stop = ast.unparse(bounds[0]), ast.unparse(bounds[1])
    name = subject.free_name("candidates", "divisors")
    where = subject.statement_of(node.target)
    found = f"[{pairs} for {pairs} in range(1, {root}(max({n}, 0)) + 1) if {n} % {pairs} == 0]"
    partners = f"({n} // {pairs} for {pairs} in reversed({small}) if {pairs} * {pairs} != {n})"
    draft.before(where, f"{small} = {found}\n{name} = [*{small}, *{partners}]")
    limits = f"{start} <= {pairs} < {stop}"
    draft.expression(node.iter, f"[{pairs} for {pairs} in {name} if {limits}]")
    if subject.iterations_around(node.iter) and not isinstance(node, ast.For):
        return None
    return draft.finish("divisors", f"finds the divisors of {n} in pairs", 0.95)


def powers(subject: Subject) -> Iterator[Rewrite | None]:
    """`for _ in range(k): result *= b` -> `result *= b ** max(k, 0)`; with `% m` -> the three-argument `pow`."""
    for node in subject.nodes:
        if not isinstance(node, ast.For):
            continue
        plain = match_statement("for _i in range(_k):\n    _r *= _b", node)
        modular = match_statement("for _i in range(_k):\n    _r = _r * _b % _m", node) or match_statement(
            "for _i in range(_k):\n    _r *= _b\n    _r %= _m", node
        )
        found = plain or modular
        if found is None or not isinstance(found["_r"], ast.Name) or not isinstance(found["_i"], ast.Name):
            continue
        fixed = [found[hole] for hole in ("_k", "_b", "_m") if hole in found]
        names = {name for part in fixed for name in names_in(part)}
        known = subject.is_type(found["_r"], "int") and all(
            subject.is_type(part, "int") and subject.is_pure(part) for part in fixed
        )
        if names & {found["_r"].id, found["_i"].id} or not known or subject.is_loaded_outside(found["_i"].id, [node]):
            continue
        result, base, count = found["_r"].id, ast.unparse(found["_b"]), ast.unparse(found["_k"])
        draft = Draft(subject)
        if plain:
            draft.statements(node, node, f"{result} *= ({base}) ** max({count}, 0)")
        else:
            modulus = ast.unparse(found["_m"])
            quick = f"{result} * pow({base}, {count}, {modulus}) % ({modulus})"
            code = f"{result} = {quick} if {modulus} else {result} % ({modulus})"
            draft.statements(node, node, f"if {count} > 0:\n    {code}")
        yield draft.finish("powers", "raises to the power at once", 0.9)


def common_divisors(subject: Subject) -> Iterator[Rewrite | None]:
    """`for d in range(1, min(a, b) + 1): if a % d == 0 and b % d == 0: g = d` -> `math.gcd`."""
    for node in subject.nodes:
        for stop in ("min(_a, _b) + 1", "_m + 1"):
            pattern = f"for _d in range(1, {stop}):\n    if _a % _d == 0 and _b % _d == 0:\n        _g = _d"
            found = match_statement(pattern, node) if isinstance(node, ast.For) else None
            if found is None or not isinstance(node, ast.For) or not isinstance(found["_g"], ast.Name):
                continue
            a, b = found["_a"], found["_b"]
            if "_m" in found:
                values = subject.assigned_values(found["_m"].id) if isinstance(found["_m"], ast.Name) else None
                least = (f"min({ast.unparse(a)}, {ast.unparse(b)})", f"min({ast.unparse(b)}, {ast.unparse(a)})")
                if not values or len(values) != 1 or ast.unparse(values[0]) not in least:
                    continue
            if (
                subject.is_type(a, "int")
                and subject.is_type(b, "int")
                and not subject.is_loaded_outside(found["_d"].id, [node])
            ):
                draft = Draft(subject)
                gcd = draft.imported("math.gcd")
                one, two = ast.unparse(a), ast.unparse(b)
                draft.statements(node, node, f"if min({one}, {two}) > 0:\n    {found['_g'].id} = {gcd}({one}, {two})")
                yield draft.finish("common_divisors", "math.gcd", 0.95)


def descending_divisors(subject: Subject) -> Iterator[Rewrite | None]:
    """`for d in range(min(a, b), 0, -1): if a % d == 0 and b % d == 0: return d` -> `math.gcd`, also with `break`.

    The first common divisor from above is the greatest. Where the smaller number is not positive nothing was found, so
    that is asked. After a `break` the variable still holds the divisor.
    """
    for node in subject.nodes:
        pattern = "for _d in range(_m, 0, -1):\n    if _a % _d == 0 and _b % _d == 0:\n        __found"
        found = match_statement(pattern, node) if isinstance(node, ast.For) else None
        if found is None or not isinstance(node, ast.For) or not isinstance(found["_d"], ast.Name):
            continue
        least, leave, d = _least(subject, found), found["__found"][-1], found["_d"].id
        later = subject.is_loaded_outside(d, [node])
        if least is None or not (isinstance(leave, ast.Break) or (isinstance(leave, ast.Return) and not later)):
            continue
        draft = Draft(subject)
        greatest = f"{draft.imported('math.gcd')}({ast.unparse(found['_a'])}, {ast.unparse(found['_b'])})"
        kept = [statement for statement in found["__found"] if not isinstance(statement, ast.Break)]
        lines = [f"{d} = {greatest}", *(line for s in kept for line in ast.unparse(s).split("\n"))]
        if lines[1:] == [f"return {d}"]:
            lines = [f"return {greatest}"]
        code = "\n".join("    " + line for line in lines)
        draft.statements(node, node, f"if {least} > 0:\n{code}")
        yield draft.finish("descending_divisors", "math.gcd", 0.95)


def _least(subject: Subject, found: Match) -> str | None:
    """The smaller of the two integers as it is spelled; None where the loop begins elsewhere."""
    a, b, start = found["_a"], found["_b"], found["_m"]
    if not (subject.is_type(a, "int") and subject.is_type(b, "int")):
        return None
    least = (f"min({ast.unparse(a)}, {ast.unparse(b)})", f"min({ast.unparse(b)}, {ast.unparse(a)})")
    values = subject.assigned_values(start.id) if isinstance(start, ast.Name) else [start]
    return least[0] if values and len(values) == 1 and ast.unparse(values[0]) in least else None


def common_multiples(subject: Subject) -> Iterator[Rewrite | None]:
    """`m = max(a, b)`, `while True: if m % a == 0 and m % b == 0: return m; m += 1` -> the search begins at `math.lcm`.

    Applies to integers; where one is not positive the search begins where it did, and fails or never ends as it did.
    """
    for block in subject.blocks():
        for start, node in pairwise(block):
            pattern = (
                "_m = max(_p, _q)\nwhile True:\n    if _m % _a == 0 and _m % _b == 0:\n        __leave\n    _m += 1"
            )
            found = match_block(pattern, [start, node])
            if found is None or not isinstance(found["_m"], ast.Name) or subject.facts.python < (3, 9):
                continue
            one, two = ast.unparse(found["_a"]), ast.unparse(found["_b"])
            integers = subject.is_type(found["_a"], "int") and subject.is_type(found["_b"], "int")
            if integers and {ast.unparse(found["_p"]), ast.unparse(found["_q"])} == {one, two}:
                draft = Draft(subject)
                multiple = f"{draft.imported('math.lcm')}({one}, {two})"
                draft.before(node, f"if min({one}, {two}) > 0:\n    {found['_m'].id} = {multiple}")
                yield draft.finish("common_multiples", "math.lcm", 0.95)


def prime_sieve(subject: Subject) -> Iterator[Rewrite | None]:
    """All primes below a bound by trial division of each number -> a sieve of Eratosthenes, the rest of the loop kept.

    Recognised: `for p in range(2, n): flag = True; for d in range(2, ...): if p % d == 0: flag = False; break`, then
    `if flag: ...`, and the same with `for ... else`. The inner loop may stop at `p`, at its half or at its root.
    """
    for node in subject.nodes:
        if not isinstance(node, ast.For) or not isinstance(node.target, ast.Name) or getattr(node, "was_while", False):
            continue
        bounds = range_bounds(node.iter)
        if (
            bounds is None
            or not is_int(bounds[0], 2)
            or not subject.is_type(bounds[1], "int")
            or not subject.is_pure(bounds[1])
        ):
            continue
        then = _done_for_primes(subject, node)
        if then is not None:
            yield _sieved(subject, node, bounds[1], then)


_ROOTS = (
    "int(_p ** 0.5) + 1",
    "int(math.sqrt(_p)) + 1",
    "math.isqrt(_p) + 1",
    "isqrt(_p) + 1",
    "_p",
    "_p // 2 + 1",
    "int(sqrt(_p)) + 1",
)


def _done_for_primes(subject: Subject, node: ast.For) -> list[ast.stmt] | None:
    """The statements that the loop runs for a prime; None where the loop is of another kind."""
    for root in _ROOTS:
        inner = f"    for _d in range(2, {root}):\n        if _p % _d == 0:\n"
        head = f"for _p in _range:\n    _flag = True\n{inner}            _flag = False\n"
        for pattern in (
            f"{head}            break\n    if _flag:\n        __then",
            f"{head}    if _flag:\n        __then",
            f"for _p in _range:\n{inner}            break\n    else:\n        __then",
        ):
            found = match_statement(pattern, node)
            if found is None:
                continue
            names = names_in(found["_d"]) | names_in(found.get("_flag", found["_d"]))
            read = {name for s in found["__then"] for name in names_in(s)}
            if not names & read and not any(
                subject.is_loaded_outside(name, [node]) for name in names | names_in(found["_p"])
            ):
                return found["__then"]
    return None


def _sieved(subject: Subject, node: ast.For, stop: ast.expr, then: list[ast.stmt]) -> Rewrite | None:
    draft = Draft(subject)
    isqrt = draft.imported("math.isqrt")
    sieve, prime, limit = (subject.free_name(name, f"{name}_") for name in ("is_prime", "step", "limit"))
    number = ast.unparse(node.target)
    inner = "\n".join("        " + line for statement in then for line in ast.unparse(statement).split("\n"))
    code = (
        f"{limit} = max({ast.unparse(stop)}, 2)\n"
        f"{sieve} = bytearray([1]) * {limit}\n"
        f"for {prime} in range(2, {isqrt}({limit}) + 1):\n"
        f"    if {sieve}[{prime}]:\n"
        f"        {sieve}[{prime} * {prime}::{prime}] = bytes(len(range({prime} * {prime}, {limit}, {prime})))\n"
        f"for {number} in range(2, {limit}):\n"
        f"    if {sieve}[{number}]:\n{inner}"
    )
    draft.statements(node, node, code)
    return draft.finish("prime_sieve", "sieves the primes", 0.96)
