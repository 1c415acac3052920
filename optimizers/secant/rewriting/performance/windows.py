"""Maxima and minima of windows that slide over a list: found for all windows in one walk."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import Match, match_expression
from secant.rewriting.performance.membership import counts_up
from secant.rewriting.performance.subject import Iteration, Subject
from secant.rewriting.performance.sums import window_fits
from secant.rewriting.purity import dotted


def window_extremes(subject: Subject) -> Iterator[Rewrite | None]:
    """`max(xs[i:i + k])` in a loop over `i` -> a list of the windows' maxima, built once with a queue of places.

    The queue holds the places whose elements may still become the maximum, the greatest first (the monotonic queue of
    the sliding window maximum). Of equal elements `max` gives the first, so an earlier equal one is kept in the queue.
    Where a window is empty or runs over the end, the slice is asked as before. NaN, which has no order, is excluded by
    the types: the elements are integers at run time.
    """
    for node in subject.nodes:
        for function in ("max", "min"):
            found = match_expression(f"{function}(_xs[_i:_i + _k])", node)
            if found is None or not isinstance(node, ast.expr) or subject.is_fallback(node):
                continue
            base, index, size = found["_xs"], found["_i"], found["_k"]
            loop = _loop_around(subject, node, base, size) if dotted(base) else None
            known = subject.is_type(base, "list", "tuple") and subject.is_type(size, "int")
            if loop is not None and known and isinstance(index, ast.Name) and counts_up(subject, index):
                yield _looked_up(subject, node, function, found, loop)


def _loop_around(subject: Subject, node: ast.expr, base: ast.expr, size: ast.expr) -> Iteration | None:
    """The outermost loop in whose every pass both the list and the size of the window are the same."""
    best: Iteration | None = None
    for loop in subject.iterations_around(node):
        if not subject.is_invariant(base, loop) or not subject.is_invariant(size, loop):
            break
        best = loop
    return best


def _looked_up(subject: Subject, node: ast.expr, function: str, found: Match, loop: Iteration) -> Rewrite | None:
    draft = Draft(subject)
    i, k, xs = (ast.unparse(found[hole]) for hole in ("_i", "_k", "_xs"))
    extremes, places, place, value = (
        subject.free_name(name, f"{name}_") for name in (f"window_{function}", "places", "place", "value")
    )
    worse = "<" if function == "max" else ">"
    code = (
        f"{extremes} = []\n"
        f"if all(type({value}) is int for {value} in {xs}):\n"
        f"    {places} = {draft.imported('collections.deque')}()\n"
        f"    for {place}, {value} in enumerate({xs}):\n"
        f"        while {places} and {xs}[{places}[-1]] {worse} {value}:\n"
        f"            {places}.pop()\n"
        f"        {places}.append({place})\n"
        f"        if {places}[0] <= {place} - {k}:\n"
        f"            {places}.popleft()\n"
        f"        {extremes}.append({xs}[{places}[0]] if {places} else None)"
    )
    draft.before(subject.statement_of(loop), code)
    test = f"{k} > 0" if window_fits(subject, found) else f"0 < {k} <= len({xs}) - {i}"
    draft.expression(node, f"({extremes}[{i} + {k} - 1] if {extremes} and {test} else {ast.unparse(node)})")
    return draft.finish("window_extremes", f"{function} of all windows of {xs} in one walk", 0.9)
