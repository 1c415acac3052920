"""Sums, minima and maxima of overlapping parts of a list: running values instead of starting over.

Only integers add up to the same in any order, so sums are taken apart only where a check in the new text finds nothing
but integers; `min` and `max` need no such check.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.linear import linear
from secant.rewriting.performance.matching import Match, match_block, match_expression, match_statement
from secant.rewriting.performance.membership import counts_up
from secant.rewriting.performance.normal import same
from secant.rewriting.performance.subject import Iteration, Subject, is_int, names_in, range_bounds
from secant.rewriting.purity import dotted


def window_sums(subject: Subject) -> Iterator[Rewrite | None]:
    """`sum(xs[i:i + k])` or `sum(xs[:i])` in a loop -> the difference of two prefix sums built once.

    Applies to indices that count up from 0. At run time the prefix sums are used only for integers and for `k >= 0`.
    """
    groups: dict[str, list[tuple[ast.Call, ast.Subscript]]] = {}
    for node in subject.nodes:
        found = match_expression("sum(_part)", node)
        part = found["_part"] if found and not subject.is_fallback(node) else None
        if not (isinstance(node, ast.Call) and isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Slice)):
            continue
        loop = subject.outermost_invariant(part.value)
        known = dotted(part.value) and subject.is_type(part.value, "list", "tuple") and part.slice.step is None
        if loop is not None and known and _slice_counts_up(subject, part.slice, loop):
            groups.setdefault(ast.unparse(part.value), []).append((node, part))
    for spelling, parts in groups.items():
        yield _with_prefix_sums(subject, spelling, parts)


def _slice_counts_up(subject: Subject, cut: ast.Slice, loop: Iteration) -> bool:
    if (cut.lower is None and cut.upper is None) or (cut.lower is not None and not counts_up(subject, cut.lower)):
        return False
    return cut.upper is None or counts_up(subject, cut.upper) or _added(subject, cut) is not None


def _added(subject: Subject, cut: ast.Slice) -> ast.expr | None:
    """`k` where the slice is `i:i + k`."""
    if cut.lower is None or not isinstance(cut.upper, ast.BinOp) or not isinstance(cut.upper.op, ast.Add):
        return None
    for one, other in ((cut.upper.left, cut.upper.right), (cut.upper.right, cut.upper.left)):
        if ast.unparse(one) == ast.unparse(cut.lower) and subject.is_type(other, "int") and isinstance(other, ast.Name):
            return other
    return None


def _with_prefix_sums(subject: Subject, spelling: str, parts: list[tuple[ast.Call, ast.Subscript]]) -> Rewrite | None:
    loop = subject.outermost_invariant(parts[0][1].value)
    if loop is None:
        return None
    draft = Draft(subject)
    accumulate = draft.imported("itertools.accumulate")
    name, value = subject.free_name("prefix_sums", "sums_before"), subject.free_name("value", "element")
    integers = f"all(type({value}) is int for {value} in {spelling})"
    draft.before(subject.statement_of(loop), f"{name} = [0, *{accumulate}({spelling})] if {integers} else None")
    for call, part in parts:
        cut = part.slice
        if not isinstance(cut, ast.Slice):
            continue
        added = _added(subject, cut)
        window: Match = {"_i": cut.lower, "_k": added, "_xs": part.value}
        fits = added is not None and isinstance(cut.lower, ast.Name) and window_fits(subject, window)
        low = f"{name}[{_clipped(subject, cut.lower, part.value, fits)}]" if cut.lower else "0"
        high = f"{name}[{_clipped(subject, cut.upper, part.value, fits)}]" if cut.upper else f"{name}[-1]"
        difference = f"{high} - {low}" if cut.lower else high
        asked = isinstance(added, ast.Name) and not _asked_before(subject, call, added)
        guard = name + (f" and {added.id} >= 0" if isinstance(added, ast.Name) and asked else "")
        if cut.lower is not None and cut.upper is not None and added is None:
            guard += f" and {ast.unparse(cut.lower)} <= {ast.unparse(cut.upper)}"
        draft.expression(call, f"({difference} if {guard} else {ast.unparse(call)})")
    return draft.finish("window_sums", f"prefix sums of {spelling}", 0.9)


def _clipped(subject: Subject, bound: ast.expr, base: ast.expr, fits: bool) -> str:
    """The bound of a slice, not above the length: as it is where that is plain."""
    place = bound.left if isinstance(bound, ast.BinOp) and is_int(bound.right, 1) else bound
    plain = isinstance(bound, ast.Name) or (isinstance(bound, ast.BinOp) and isinstance(bound.op, ast.Add))
    if fits or (plain and isinstance(place, ast.Name) and is_place(subject, place, base)):
        return ast.unparse(bound)
    return f"min({ast.unparse(bound)}, len({ast.unparse(base)}))"


def _asked_before(subject: Subject, call: ast.expr, size: ast.Name) -> bool:
    """Whether the call is made under `size > 0` already."""
    parent = subject.parent(call)
    return (
        isinstance(parent, ast.IfExp)
        and parent.body is call
        and match_expression(f"0 < {size.id}", parent.test) is not None
    )


def running_extremes(subject: Subject) -> Iterator[Rewrite | None]:
    """`max(xs[:i + 1])` and `min(xs[i:])` in a loop over the places of `xs` -> lists of running extremes built once.

    Of equal elements both give the first one.
    """
    draft = Draft(subject)
    built: dict[tuple[str, str, bool], str] = {}
    for node in subject.nodes:
        found = _extreme(subject, node)
        if found is None or not isinstance(node, ast.expr):
            continue
        function, base, index, from_left = found
        loop = subject.outermost_invariant(base)
        if loop is None or not subject.is_type(base, "list", "tuple"):
            continue
        spelling = ast.unparse(base)
        key = (function, spelling, from_left)
        if key not in built:
            side = "before" if from_left else "after"
            built[key] = subject.free_name(f"{function}_{side}", f"{function}_{side}_")
            accumulate = draft.imported("itertools.accumulate")
            source = f"{accumulate}({spelling}, {function})"
            if not from_left:
                later = f"lambda later, earlier: {function}(earlier, later)"
                source = f"{accumulate}(reversed({spelling}), {later})"
            code = f"{built[key]} = list({source})" + ("" if from_left else f"\n{built[key]}.reverse()")
            draft.before(subject.statement_of(loop), code)
        draft.expression(node, f"{built[key]}[{index}]")
    yield draft.finish("running_extremes", "running minima and maxima", 0.9)


def _extreme(subject: Subject, node: ast.AST) -> tuple[str, ast.expr, str, bool] | None:
    for function in ("max", "min"):
        for pattern, from_left in ((f"{function}(_xs[:_i + 1])", True), (f"{function}(_xs[_i:])", False)):
            found = match_expression(pattern, node)
            if found and isinstance(found["_i"], ast.Name) and dotted(found["_xs"]) and _is_place(subject, found):
                return function, found["_xs"], found["_i"].id, from_left
    return None


def _is_place(subject: Subject, found: Match) -> bool:
    """Whether `i` runs over places that `xs` has."""
    return is_place(subject, found["_i"], found["_xs"])


def is_place(subject: Subject, index: ast.Name, base: ast.expr) -> bool:
    """Whether the index is the variable of loops over the places of `base` and of nothing else."""
    length = f"len({ast.unparse(base)})"
    bindings = subject.bindings(index.id)
    for binding in bindings:
        parent = subject.parent(binding)
        loop = subject.parent(parent) if isinstance(parent, ast.Tuple) else parent
        if isinstance(parent, ast.Assign) and isinstance(parent.value, ast.Constant):
            continue
        if not isinstance(loop, ast.For | ast.comprehension):
            return False
        if isinstance(parent, ast.Tuple):
            if ast.unparse(loop.iter) != f"enumerate({ast.unparse(base)})" or parent.elts[0] is not binding:
                return False
            continue
        bounds = range_bounds(loop.iter)
        if bounds is None or not counts_up(subject, bounds[0]):
            return False
        stop = linear(subject, bounds[1]) or {}
        if (
            stop.get(length) != 1
            or stop.get("", 0) > 0
            or any(value > 0 for name, value in stop.items() if name != length)
        ):
            return False
        if any(name not in ("", length) for name in stop):
            return False
    return bool(bindings)


def extreme_loops(subject: Subject) -> Iterator[Rewrite | None]:
    """An inner loop that only looks for the greatest element of a part of a list -> `max` of the slice.

    `for j in range(i + 1): m = max(m, xs[j])` becomes `m = max(m, max(xs[:i + 1]))` where `i` is a place of `xs`, so no
    index is out of range and the slice is not empty.
    """
    for node in subject.nodes:
        for function, test in (("max", "_m < _xs[_j]"), ("min", "_xs[_j] < _m")):
            for head, part in (
                ("range(_i + 1)", "[:{i} + 1]"),
                ("range(_i, len(_xs))", "[{i}:]"),
                ("range(_i, _n)", "[{i}:]"),
            ):
                for body in (f"_m = {function}(_m, _xs[_j])", f"if {test}:\n        _m = _xs[_j]"):
                    found = (
                        match_statement(f"for _j in {head}:\n    {body}", node) if isinstance(node, ast.For) else None
                    )
                    if found is None or not isinstance(found["_i"], ast.Name) or not _is_place(subject, found):
                        continue
                    if "_n" in found and linear(subject, found["_n"]) != {f"len({ast.unparse(found['_xs'])})": 1}:
                        continue
                    if not isinstance(node, ast.For) or subject.is_loaded_outside(found["_j"].id, [node]):
                        continue
                    m, xs = ast.unparse(found["_m"]), ast.unparse(found["_xs"])
                    draft = Draft(subject)
                    draft.statements(
                        node, node, f"{m} = {function}({m}, {function}({xs}{part.format(i=found['_i'].id)}))"
                    )
                    yield draft.finish("extreme_loops", f"{function} of a slice", 0.7)


def extreme_scans(subject: Subject) -> Iterator[Rewrite | None]:
    """`m = xs[0]; for x in xs: if x < m: m = x` -> `m = xs[0]; m = min(xs)`, with `max` alike.

    The same comparisons; of equal elements both keep the first. The first element is still looked up where the list
    may be empty, for its IndexError.
    """
    for block in subject.blocks():
        for first, node in pairwise(block):
            for function, test in (("min", "_x < _m"), ("max", "_m < _x")):
                found = match_block(f"_m = _xs[0]\nfor _v in _xs:\n    if {test}:\n        _m = _x", [first, node])
                found = found if found and same(found["_v"], found["_x"]) else None
                for start in ("1", "0"):
                    by_place = test.replace("_x", "_xs[_v]")
                    loop = f"for _v in range({start}, len(_xs)):\n    if {by_place}:\n        _m = _xs[_v]"
                    found = found or match_block(f"_m = _xs[0]\n{loop}", [first, node])
                if found is None or not isinstance(found["_m"], ast.Name) or not isinstance(found["_v"], ast.Name):
                    continue
                later = subject.is_loaded_outside(found["_v"].id, [node])
                if (
                    later
                    or not isinstance(found["_xs"], ast.Name)
                    or not subject.is_type(found["_xs"], "list", "tuple")
                ):
                    continue
                draft = Draft(subject)
                filled = _is_filled(subject, first, found["_xs"])
                code = f"{found['_m'].id} = {function}({found['_xs'].id})"
                draft.statements(first if filled else node, node, code)
                yield draft.finish("extreme_scans", f"{function} of {found['_xs'].id}", 0.8)


def _is_filled(subject: Subject, statement: ast.stmt, xs: ast.Name) -> bool:
    """Whether the statement is the first in a loop that runs only while there are elements."""
    loop = subject.parent(statement)
    tests = ("_xs", "0 < len(_xs)", "len(_xs) != 0", "1 < len(_xs)", "1 <= len(_xs)")
    return (
        isinstance(loop, ast.While)
        and loop.body[0] is statement
        and any(match_expression(test, loop.test, {"_xs": xs}) is not None for test in tests)
    )


def sum_loops(subject: Subject) -> Iterator[Rewrite | None]:
    """`for x in xs: total += f(x)`, also under one `if` -> `total += sum(...)`.

    The same additions in the same order where `total` starts as an integer 0 or the numbers are integers. From Python
    3.12 on `sum` adds floats more exactly, so there it applies to integers only.
    """
    for node in subject.nodes:
        if not isinstance(node, ast.For) or node.orelse or not isinstance(node.target, ast.Name):
            continue
        for pattern, filtered in (
            ("for _v in _xs:\n    _t += _e", ""),
            ("for _v in _xs:\n    if _c:\n        _t += _e", " if "),
        ):
            found = match_statement(pattern, node)
            if found is None or not isinstance(found["_t"], ast.Name) or not subject.is_type(found["_t"], "int"):
                continue
            names = names_in(found["_e"]) | names_in(found.get("_c", ast.Constant(0)))
            pure = all(subject.is_pure(found[hole]) for hole in ("_e", "_c") if hole in found)
            if found["_t"].id in names or not pure or subject.is_loaded_outside(found["_v"].id, [node]):
                continue
            yield _as_sum(subject, node, found, filtered)


def _as_sum(subject: Subject, node: ast.For, found: Match, filtered: str) -> Rewrite | None:
    total, element, items = found["_t"].id, ast.unparse(found["_e"]), ast.unparse(found["_xs"])
    condition = f" if {ast.unparse(found['_c'])}" if filtered else ""
    variable = ast.unparse(found["_v"])
    plain = not condition and element == variable
    source = items if plain else f"{element} for {variable} in {items}{condition}"
    draft = Draft(subject)
    added = f"sum({source})"
    if (
        plain
        and (parts := range_bounds(found["_xs"]))
        and ast.unparse(parts[0]) == "0"
        and subject.is_type(parts[1], "int")
    ):
        stop = ast.unparse(parts[1])
        added = f"max({stop}, 0) * ({stop} - 1) // 2"
    draft.add_to(total, node, added)
    return draft.finish("sum_loops", f"sum() into {total}", 0.3)


def index_sums(subject: Subject) -> Iterator[Rewrite | None]:
    """`for j in range(i, i + k): s += xs[j]` -> `s += sum(xs[i:i + k])` for integers.

    Applies where `i + k <= len(xs)` is plain: if the outer loop is `for i in range(len(xs) - k + 1)`, no index is out
    of range. A negative `k` would cut a slice from the end, so it is asked for.
    """
    for node in subject.nodes:
        for pattern in (
            "for _j in range(_i, _i + _k):\n    _s += _xs[_j]",
            "for _j in range(_k):\n    _s += _xs[_i + _j]",
        ):
            found = match_statement(pattern, node) if isinstance(node, ast.For) else None
            if found is None or not isinstance(found["_i"], ast.Name) or not isinstance(node, ast.For):
                continue
            fits = window_fits(subject, found) and subject.is_type(found["_s"], "int")
            if fits and not subject.is_loaded_outside(found["_j"].id, [node]):
                i, k, xs = found["_i"].id, ast.unparse(found["_k"]), ast.unparse(found["_xs"])
                draft = Draft(subject)
                draft.add_to(ast.unparse(found["_s"]), node, f"sum({xs}[{i}:{i} + {k}]) if {k} > 0 else 0")
                yield draft.finish("index_sums", "sum of a slice", 0.7)


def window_fits(subject: Subject, found: Match) -> bool:
    length = f"len({ast.unparse(found['_xs'])})"
    bindings = subject.bindings(found["_i"].id)
    size = linear(subject, found["_k"])
    loops = [subject.parent(binding) for binding in bindings]
    if not loops or size is None or not counts_up(subject, found["_i"]):
        return False
    for loop in loops:
        bounds = range_bounds(loop.iter) if isinstance(loop, ast.For) else None
        stop = linear(subject, bounds[1]) if bounds else None
        if isinstance(loop, ast.Assign) and isinstance(loop.value, ast.Constant):
            continue
        if stop is None:
            return False
        reach = {name: stop.get(name, 0) + size.get(name, 0) for name in stop.keys() | size.keys()}
        rest = {name: value for name, value in reach.items() if value}
        if rest.pop(length, 0) != 1 or rest.pop("", 0) > 1 or rest:
            return False
    return subject.is_type(found["_xs"], "list", "tuple")
