"""The registry of performance rules, and the one function that asks them all.

The only file that knows every rule. A rule that fails on odd source makes no candidate and never stops the others; its
failure is logged as a warning, so whoever runs the engine reads it on standard error.
"""

from __future__ import annotations

import ast
import logging
from collections.abc import Callable, Iterable

from secant.rewriting.edit import Rewrite
from secant.rewriting.facts import Facts
from secant.rewriting.performance import (
    arithmetic,
    arrays,
    dataframes,
    factors,
    folding,
    grouping,
    hoisting,
    joining,
    membership,
    memoize,
    nesting,
    queues,
    rebuilding,
    scans,
    sorting,
    strings,
    sums,
    windows,
)
from secant.rewriting.performance.subject import Subject
from secant.rewriting.source import FunctionSource

Rule = Callable[[Subject], Iterable[Rewrite | None]]

_LOG = logging.getLogger(__name__)

RULES: tuple[Rule, ...] = (
    memoize.memoize,
    memoize.memoize_inner,
    folding.slice_recursion,
    dataframes.cells,
    dataframes.row_loops,
    arrays.vectorized,
    membership.membership,
    membership.growing,
    membership.counting,
    membership.positions,
    membership.positions_in_key,
    membership.prefixes,
    membership.keys_of_dict,
    joining.joins,
    windows.window_extremes,
    factors.factor_loops,
    factors.factor_searches,
    grouping.group_searches,
    scans.equality_scans,
    scans.counting_scans,
    sorting.hand_written_sort,
    sorting.selection_into_list,
    sorting.selection_by_scan,
    sorting.insertion_into_list,
    sorting.largest_ones,
    sorting.sorted_insertion,
    queues.insert_at_front,
    queues.front_by_concatenation,
    queues.deque_queue,
    queues.emptied_by_front,
    sums.window_sums,
    sums.running_extremes,
    sums.extreme_loops,
    sums.extreme_scans,
    sums.index_sums,
    sums.sum_loops,
    strings.joined_pieces,
    strings.appended,
    strings.mirrored,
    strings.reversed_text,
    rebuilding.rebuilt_tables,
    hoisting.invariants,
    hoisting.compiled_patterns,
    hoisting.early_exit,
    hoisting.generators,
    arithmetic.trial_division,
    arithmetic.divisors,
    arithmetic.prime_sieve,
    arithmetic.powers,
    arithmetic.common_divisors,
    arithmetic.descending_divisors,
    arithmetic.common_multiples,
)


_OUTER: tuple[Rule, ...] = (memoize.memoize, memoize.memoize_inner)


def rewrites(source: FunctionSource, facts: Facts) -> list[Rewrite]:
    """Every applicable rule's whole new texts: no text twice, the greatest expected gain first, always in one order."""
    subject = Subject(source, facts)
    best: dict[str, Rewrite] = {}
    for rule in (*RULES, _inside):
        for rewrite in _asked(rule, subject):
            if keeps_signature(source, rewrite.text) and rewrite.prior > _prior(best.get(rewrite.text)):
                best[rewrite.text] = rewrite
    return sorted(best.values(), key=lambda rewrite: (-rewrite.prior, rewrite.rule, rewrite.text))


def _inside(subject: Subject) -> Iterable[Rewrite | None]:
    """All rules but memoization, which knows inner functions itself, for the functions inside the function."""
    rules = [rule for rule in RULES if rule not in _OUTER]
    return nesting.inner_functions(subject, lambda inner: [found for rule in rules for found in _asked(rule, inner)])


def keeps_signature(source: FunctionSource, text: str) -> bool:
    """Whether `text` is one function with the same name, parameters, defaults and decorators, and has changed."""
    try:
        changed = FunctionSource(text)
    except (SyntaxError, ValueError):
        return False
    return text != source.text and _signature(changed) == _signature(source)


def _asked(rule: Rule, subject: Subject) -> list[Rewrite]:
    subject.release_names()
    try:
        return [rewrite for rewrite in rule(subject) if rewrite is not None]
    except Exception as error:  # noqa: BLE001 # because one rule's blind spot must not cost the user the other rules
        name = f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"
        reason = f"{type(error).__name__}: {error}"
        _LOG.warning("The rule %s failed on %s and proposes nothing: %s", name, subject.node.name, reason)
        return []


def _prior(rewrite: Rewrite | None) -> float:
    return rewrite.prior if rewrite is not None else -1.0


def _signature(source: FunctionSource) -> tuple[str, ...]:
    node = source.node
    decorators = [source.segment(decorator) for decorator in node.decorator_list]
    returns = ast.dump(node.returns) if node.returns else ""
    return (type(node).__name__, node.name, ast.dump(node.args), returns, *decorators)
