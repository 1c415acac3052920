"""Maxima and minima of windows that slide over a list: found for all windows in one walk."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import match_expression
from secant.rewriting.performance.membership import counts_up
from secant.rewriting.performance.subject import Subject
from secant.rewriting.performance.sums import window_fits
from secant.rewriting.purity import dotted


def window_extremes(subject: Subject) -> Iterator[Rewrite | None]:
    """`max(xs[i:i + k])` in a loop over `i` -> a list of the windows' maxima, built once with a queue of places.

    The queue holds the places whose elements may still become the maximum, the greatest first (the monotonic queue of
    the sliding window maximum). Of equal elements `max` gives the first, so an earlier equal one is kept in the queue.
    Where a window is empty or runs over the end, the slice is asked as before. NaN, which has no order, is excluded by
    the types: the elements are integers or strings at run time.
    """
    for node in subject.nodes:
        for function in ("max", "min"):
            found = match_expression(f"{function}(_xs[_i:_i + _k])", node)
            if found is None or not isinstance(node, ast.expr) or subject.is_fallback(node):
                continue
            base, index, size = found["_xs"], found["_i"], found["_k"]
            loop = subject.outermost_invariant(ast.Tuple([base, size], ast.Load())) if dotted(base) else None
            loop = loop or _shared_loop(subject, node, base, size)
            known = subject.is_type(base, "list", "tuple") and subject.is_type(size, "int")
            if loop is None or not known or not isinstance(index, ast.Name) or not counts_up(subject, index):
                continue
            draft = Draft(subject)
            draft.before(subject.statement_of(loop), _walk(draft, function, base, size))
            name = draft.subject.free_name("unused")
            name = _result_name(function)
            i, k, xs = index.id, ast.unparse(size), ast.unparse(base)
            fits = window_fits(subject, found)
            test = f"{k} > 0" if fits else f"0 < {k} <= len({xs}) - {i}"
            draft.expression(node, f"({name}[{i} + {k} - 1] if {name} and {test} else {ast.unparse(node)})")
            yield draft.finish("window_extremes", f"{function} of all windows of {xs} in one walk", 0.9)
