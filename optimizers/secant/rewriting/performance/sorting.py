"""Sorting by hand: bubble, exchange, selection and insertion sorts become the list's own `sort`.

`sort` is stable. Bubble and insertion sorts with a strict comparison are stable too, so any key may be used; selection
and exchange sorts are not, so they apply only where the elements themselves are compared and equal ones are alike.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.linear import equals
from secant.rewriting.performance.matching import Match, match_block, match_statement
from secant.rewriting.performance.normal import same
from secant.rewriting.performance.queues import was_empty
from secant.rewriting.performance.subject import Subject, is_int, names_in, range_bounds
from secant.rewriting.performance.sums import extreme_scans
from secant.rewriting.source import FunctionSource

_SWAPS = (
    "_xs[_a], _xs[_b] = _xs[_b], _xs[_a]",
    "_xs[_b], _xs[_a] = _xs[_a], _xs[_b]",
    "_t = _xs[_a]\n_xs[_a] = _xs[_b]\n_xs[_b] = _t",
    "_t = _xs[_b]\n_xs[_b] = _xs[_a]\n_xs[_a] = _t",
)


class Order(NamedTuple):
    """What a hand-written sort establishes."""

    key: str | None
    """The key as a lambda's body in `item`, None for the elements themselves."""
    reverse: bool


def hand_written_sort(subject: Subject) -> Iterator[Rewrite | None]:
    """A nest of loops that sorts `xs` in place -> `xs.sort()`, with `key` and `reverse` as the comparison says.

    Applies where the nest does nothing else and nobody reads its counters and flags later.
    """
    for block in subject.blocks():
        for place, statement in enumerate(block):
            if not isinstance(statement, ast.For | ast.While):
                continue
            for recognize in (_bubble, _bubble_until_sorted, _exchange, _selection, _insertion, _insertion_by_swaps):
                found = recognize(subject, statement)
                if found is not None:
                    yield _as_sort(subject, block, place, *found)


def _as_sort(subject: Subject, block: list[ast.stmt], place: int, xs: ast.expr, order: Order) -> Rewrite | None:
    loop = block[place]
    types = subject.types(xs)
    if (types and types != frozenset(["list"])) or not isinstance(xs, ast.Name | ast.Attribute):
        return None
    if any(subject.is_loaded_outside(name, [loop]) for name in _bound(loop)):
        return None
    arguments = [f"key=lambda item: {order.key}"] if order.key else []
    arguments += ["reverse=True"] if order.reverse else []
    draft = Draft(subject)
    draft.statements(loop, loop, f"{ast.unparse(xs)}.sort({', '.join(arguments)})")
    return draft.finish("hand_written_sort", f"{ast.unparse(xs)}.sort()", 0.97)


def _bound(loop: ast.stmt) -> set[str]:
    return {n.id for n in ast.walk(loop) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}


def _swap(statements: list[ast.stmt]) -> tuple[Match, list[ast.stmt]] | None:
    """The swap that a block begins with, and what follows it."""
    for pattern in _SWAPS:
        length = pattern.count("\n") + 1
        found = match_block(pattern, statements[:length])
        if found is not None:
            return found, statements[length:]
    return None


class _ToItem(ast.NodeTransformer):
    def __init__(self, element: ast.expr) -> None:
        self.element = element
        self.count = 0

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and same(node, self.element):
            self.count += 1
            return ast.Name("item", ast.Load())
        return super().visit(node)


def _key(node: ast.expr, element: ast.expr) -> str | None:
    """The comparison's side as an expression of `item`, which stands for the element."""
    replacer = _ToItem(element)
    text = ast.unparse(replacer.visit(copy.deepcopy(node)))
    return text if replacer.count else None


def _order(subject: Subject, test: ast.expr, before: ast.expr, after: ast.expr, fixed: set[str]) -> Order | None:
    """The order that swapping on `test` establishes between the element `before` and the one that follows it."""
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Lt)):
        return None
    for small, great, reverse in ((after, before, False), (before, after, True)):
        one, two = _key(test.left, small), _key(test.comparators[0], great)
        if one is not None and one == two and subject.is_pure(test):
            leftover = names_in(ast.parse(one)) & fixed
            if not leftover:
                return Order(None if one == "item" else one, reverse)
    return None


def _at(xs: ast.expr, index: ast.expr) -> ast.expr:
    return ast.Subscript(xs, index, ast.Load())


def _swapping_if(
    subject: Subject, statement: ast.stmt
) -> tuple[ast.expr, ast.expr, ast.expr, ast.expr, list[ast.stmt]] | None:
    """`if test: swap xs[a] and xs[b]; rest`: gives test, xs, a, b, rest."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return None
    swap = _swap(statement.body)
    if swap is None:
        return None
    found, rest = swap
    return statement.test, found["_xs"], found["_a"], found["_b"], rest


def _neighbours(subject: Subject, loop: ast.stmt) -> tuple[ast.expr, Order, ast.expr, list[ast.stmt]] | None:
    """`for j in range(stop): if xs[j] > xs[j + 1]: swap; rest`: gives xs, order, stop, rest."""
    if not isinstance(loop, ast.For) or loop.orelse or len(loop.body) != 1 or not isinstance(loop.target, ast.Name):
        return None
    bounds = range_bounds(loop.iter)
    parts = _swapping_if(subject, loop.body[0])
    if bounds is None or parts is None:
        return None
    test, xs, one, two, rest = parts
    counter = loop.target.id
    for first, second in ((one, two), (two, one)):
        ahead = is_int(bounds[0], 0) and equals(subject, first, **{counter: 1})
        if ahead and equals(subject, second, const=1, **{counter: 1}):
            order = _order(subject, test, _at(xs, first), _at(xs, second), {counter})
            return (xs, order, bounds[1], rest) if order else None
        behind = is_int(bounds[0], 1) and equals(subject, second, **{counter: 1})
        if behind and equals(subject, first, const=-1, **{counter: 1}):
            order = _order(subject, test, _at(xs, first), _at(xs, second), {counter})
            stop = ast.BinOp(bounds[1], ast.Sub(), ast.Constant(1))
            return (xs, order, stop, rest) if order else None
    return None


def _bubble(subject: Subject, loop: ast.stmt) -> tuple[ast.expr, Order] | None:
    """As many passes as there are elements, or one less; perhaps a flag that ends them early."""
    if not isinstance(loop, ast.For) or loop.orelse or not isinstance(loop.target, ast.Name):
        return None
    found = match_block("_flag = False\n__inner\nif not _flag:\n    break", loop.body)
    inner = found["__inner"] if found else loop.body
    parts = _neighbours(subject, inner[0]) if len(inner) == 1 else None
    if parts is None:
        return None
    xs, order, stop, rest = parts
    if rest and not (found and match_block("_flag = True", rest, {"_flag": found["_flag"]})):
        return None
    if found and not rest:
        return None
    return (xs, order) if _enough_passes(subject, loop, xs, stop) else None


def _enough_passes(subject: Subject, loop: ast.For, xs: ast.expr, stop: ast.expr) -> bool:
    length = f"len({ast.unparse(xs)})"
    counter = loop.target.id  # type: ignore[attr-defined]
    bounds = range_bounds(loop.iter)
    if bounds is not None:
        passes = any(equals(subject, bounds[1], const=-less, **{length: 1}) for less in (0, 1)) and is_int(bounds[0], 0)
        shrinking = equals(subject, stop, const=-1, **{length: 1, counter: -1})
        if is_int(bounds[0], 1) and equals(subject, bounds[1], **{length: 1}):
            return equals(subject, stop, const=-1, **{length: 1}) or equals(subject, stop, **{length: 1, counter: -1})
        return passes and (shrinking or equals(subject, stop, const=-1, **{length: 1}))
    found = match_statement("for _i in range(_n, _end, -1):\n    __body", loop)
    if found is None or not equals(subject, stop, **{counter: 1}):
        return False
    return equals(subject, found["_n"], const=-1, **{length: 1}) and (
        is_int(found["_end"], 0) or is_int(found["_end"], -1)
    )


def _bubble_until_sorted(subject: Subject, loop: ast.stmt) -> tuple[ast.expr, Order] | None:
    """`while swapped: swapped = False; one pass`, also with `while True` and a break."""
    if not isinstance(loop, ast.While) or loop.orelse:
        return None
    for pattern in (
        "while _flag:\n    _flag = False\n    __inner",
        "while True:\n    _flag = False\n    __inner\n    if not _flag:\n        break",
    ):
        found = match_statement(pattern, loop)
        if found is None or len(found["__inner"]) != 1:
            continue
        parts = _neighbours(subject, found["__inner"][0])
        if parts is None or not match_block("_flag = True", parts[3], {"_flag": found["_flag"]}):
            continue
        begins = pattern.startswith("while True") or _set_before(subject, loop, found["_flag"])
        length = f"len({ast.unparse(parts[0])})"
        if begins and equals(subject, parts[2], const=-1, **{length: 1}):
            return parts[0], parts[1]
    return None


def _set_before(subject: Subject, loop: ast.stmt, flag: ast.expr) -> bool:
    block = subject.block_of(loop)
    return any(match_block("_flag = True", [s], {"_flag": flag}) for s in block[: block.index(loop)])


def _exchange(subject: Subject, loop: ast.stmt) -> tuple[ast.expr, Order] | None:
    """`for i: for j in range(i + 1, n): if xs[i] > xs[j]: swap`."""
    found = match_statement("for _i in range(_n):\n    for _j in range(_i + 1, _m):\n        __body", loop)
    parts = _swapping_if(subject, found["__body"][0]) if found and len(found["__body"]) == 1 else None
    if found is None or parts is None or parts[4]:
        return None
    test, xs, _, _, _ = parts
    order = _order(
        subject, test, _at(xs, found["_i"]), _at(xs, found["_j"]), names_in(found["_i"]) | names_in(found["_j"])
    )
    swapped = {ast.unparse(parts[2]), ast.unparse(parts[3])} == {ast.unparse(found["_i"]), ast.unparse(found["_j"])}
    return (xs, order) if order and not order.key and swapped and _covers(subject, xs, found) else None


def _covers(subject: Subject, xs: ast.expr, found: Match) -> bool:
    length = f"len({ast.unparse(xs)})"
    outer = any(equals(subject, found["_n"], const=-less, **{length: 1}) for less in (0, 1))
    return outer and equals(subject, found["_m"], **{length: 1})


def _selection(subject: Subject, loop: ast.stmt) -> tuple[ast.expr, Order] | None:
    """`for i: m = i; for j in range(i + 1, n): if xs[j] < xs[m]: m = j; swap xs[i] and xs[m]`."""
    found = match_statement(
        "for _i in range(_n):\n    _m = _i\n"
        "    for _j in range(_i + 1, _stop):\n        if _test:\n            _m = _j\n"
        "    __swap",
        loop,
    )
    if found is None:
        return None
    tail: list[ast.stmt] = found["__swap"]
    if len(tail) == 1 and isinstance(tail[0], ast.If) and not tail[0].orelse:
        if not match_block("if _i != _m:\n    __swap", tail, {"_i": found["_i"], "_m": found["_m"]}):
            return None
        tail = tail[0].body
    swap = _swap(tail)
    if swap is None or swap[1]:
        return None
    xs = swap[0]["_xs"]
    swapped = {ast.unparse(swap[0]["_a"]), ast.unparse(swap[0]["_b"])}
    if swapped != {ast.unparse(found["_i"]), ast.unparse(found["_m"])}:
        return None
    fixed = names_in(found["_i"]) | names_in(found["_j"]) | names_in(found["_m"])
    order = _order(subject, found["_test"], _at(xs, found["_m"]), _at(xs, found["_j"]), fixed)
    covered = _covers(subject, xs, {"_n": found["_n"], "_m": found["_stop"]})
    return (xs, order) if order and not order.key and covered else None


def _insertion(subject: Subject, loop: ast.stmt) -> tuple[ast.expr, Order] | None:
    """For each `i`: `x = xs[i]; j = i - 1; while j >= 0 and xs[j] > x: xs[j + 1] = xs[j]; j -= 1`, `xs[j + 1] = x`."""
    shifted = "        _xs[_j + 1] = _xs[_j]\n        _j -= 1\n    _xs[_j + 1] = _x"
    ahead = "        _xs[_j] = _xs[_j - 1]\n        _j -= 1\n    _xs[_j] = _x"
    for first, test, rest in (
        ("_j = _i - 1", "_j >= 0 and _test", shifted),
        ("_j = _i - 1", "_j > -1 and _test", shifted),
        ("_j = _i", "_j > 0 and _test", ahead),
    ):
        for start in ("range(1, _n)", "range(_n)"):
            for head in (f"    _x = _xs[_i]\n    {first}", f"    {first}\n    _x = _xs[_i]"):
                found = match_statement(f"for _i in {start}:\n{head}\n    while {test}:\n{rest}", loop)
                if found is None:
                    continue
                below = found["_j"] if rest is shifted else ast.BinOp(found["_j"], ast.Sub(), ast.Constant(1))
                fixed = names_in(found["_i"]) | names_in(found["_j"]) | names_in(found["_x"])
                order = _order(subject, found["_test"], _at(found["_xs"], below), found["_x"], fixed)
                if order and equals(subject, found["_n"], **{f"len({ast.unparse(found['_xs'])})": 1}):
                    return found["_xs"], order
    return None


def _insertion_by_swaps(subject: Subject, loop: ast.stmt) -> tuple[ast.expr, Order] | None:
    """`for i in range(1, n): j = i; while j > 0 and xs[j - 1] > xs[j]: swap; j -= 1`."""
    for start in ("range(1, _n)", "range(_n)"):
        found = match_statement(
            f"for _i in {start}:\n    _j = _i\n    while _j > 0 and _test:\n        __swap\n        _j -= 1", loop
        )
        swap = _swap(found["__swap"]) if found else None
        if found is None or swap is None or swap[1]:
            continue
        xs, below = swap[0]["_xs"], ast.BinOp(found["_j"], ast.Sub(), ast.Constant(1))
        swapped = {ast.unparse(swap[0]["_a"]), ast.unparse(swap[0]["_b"])}
        order = _order(
            subject, found["_test"], _at(xs, below), _at(xs, found["_j"]), names_in(found["_j"]) | names_in(found["_i"])
        )
        right = swapped == {ast.unparse(below), ast.unparse(found["_j"])}
        if order and right and equals(subject, found["_n"], **{f"len({ast.unparse(xs)})": 1}):
            return xs, order
    return None


def selection_into_list(subject: Subject) -> Iterator[Rewrite | None]:
    """`while xs: m = min(xs); out.append(m); xs.remove(m)` -> `out.extend(sorted(xs)); xs.clear()`.

    `min` gives the first of equal elements and `remove` takes the first, so equal ones keep their order, as in
    `sorted`. With `max` that is `sorted(xs, reverse=True)`, which keeps the order of equal elements too.
    """
    for node in subject.nodes:
        if not isinstance(node, ast.While) or node.orelse:
            continue
        for function, reverse in (("min", ""), ("max", ", reverse=True")):
            for test in ("_xs", "len(_xs) > 0", "len(_xs) != 0"):
                pattern = f"while {test}:\n    _m = {function}(_xs)\n    __two"
                found = match_statement(pattern, node)
                if found is None or not _appends_and_removes(found):
                    continue
                xs, out = ast.unparse(found["_xs"]), found["_out"]
                if not subject.is_type(found["_xs"], "list") or subject.is_loaded_outside(found["_m"].id, [node]):
                    continue
                draft = Draft(subject)
                draft.statements(node, node, f"{ast.unparse(out)}.extend(sorted({xs}{reverse}))\n{xs}.clear()")
                yield draft.finish("selection_into_list", f"sorts {xs} once", 0.97)


def selection_by_scan(subject: Subject) -> Iterator[Rewrite | None]:
    """The same with the least element found by a loop, which `min` alone would hardly make faster."""
    for scan in extreme_scans(subject):
        if scan is not None:
            yield from selection_into_list(Subject(FunctionSource(scan.text), subject.facts))


def largest_ones(subject: Subject) -> Iterator[Rewrite | None]:
    """`for _ in range(k): m = max(xs); out.append(m); xs.remove(m)` -> one sort, if there are `k` elements.

    Applies to a local list that nobody reads afterwards; where there are fewer elements the loop runs, and fails, as
    before. With `min` alike.
    """
    for node in subject.nodes:
        for function, reverse in (("min", ""), ("max", ", reverse=True")):
            pattern = f"for _i in range(_k):\n    _m = {function}(_xs)\n    __two"
            found = match_statement(pattern, node) if isinstance(node, ast.For) else None
            if found is None or not isinstance(node, ast.For) or not _appends_and_removes(found):
                continue
            names = (found["_i"], found["_m"], found["_xs"])
            if not all(
                isinstance(name, ast.Name) and not subject.is_loaded_outside(name.id, [node]) for name in names[:2]
            ):
                continue
            xs, count = ast.unparse(found["_xs"]), ast.unparse(found["_k"])
            later = [
                n for n in ast.walk(subject.node) if isinstance(n, ast.Name) and n.id == xs and n.lineno > node.lineno
            ]
            inside = {id(part) for part in ast.walk(node)}
            if not subject.is_fresh(xs) or any(id(n) not in inside for n in later) or subject.iterations_around(node):
                continue
            if not subject.is_pure(found["_k"]) or xs in names_in(found["_k"]) or getattr(node, "was_while", False):
                continue
            draft = Draft(subject)
            kept = "\n".join("    " + line for line in ast.unparse(node).split("\n"))
            quick = f"{ast.unparse(found['_out'])}.extend(sorted({xs}{reverse})[:max({count}, 0)])"
            draft.statements(node, node, f"if {count} <= len({xs}):\n    {quick}\nelse:\n{kept}")
            yield draft.finish("largest_ones", f"sorts {xs} once", 0.9)


def sorted_insertion(subject: Subject) -> Iterator[Rewrite | None]:
    """`xs.append(x); xs.sort()` in a loop -> `insort(xs, x)`, for a list that is empty before the loop.

    The list is otherwise only read. A stable sort puts the new last element behind its equals, and so does `insort`.
    """
    for block in subject.blocks():
        for first, second in pairwise(block):
            found = match_block("_xs.append(_x)\n_xs.sort()", [first, second])
            loops = subject.iterations_around(first)
            if (
                found is None
                or not isinstance(found["_xs"], ast.Name)
                or not loops
                or not isinstance(loops[-1], ast.stmt)
            ):
                continue
            name = found["_xs"].id
            calls = [n for n in ast.walk(loops[-1]) if isinstance(n, ast.Attribute) and ast.unparse(n.value) == name]
            stores = [n for n in ast.walk(loops[-1]) if isinstance(n, ast.Subscript) and ast.unparse(n.value) == name]
            read_only = len(calls) == 2 and all(isinstance(n.ctx, ast.Load) for n in stores)
            if read_only and subject.is_fresh(name) and was_empty(subject, name, loops[-1]):
                draft = Draft(subject)
                draft.statements(
                    first, second, f"{draft.imported('bisect.insort')}({name}, {ast.unparse(found['_x'])})"
                )
                yield draft.finish("sorted_insertion", f"inserts into {name} in order", 0.7)


def _appends_and_removes(found: Match) -> bool:
    for pattern in ("_out.append(_m)\n_xs.remove(_m)", "_xs.remove(_m)\n_out.append(_m)"):
        result = match_block(pattern, found["__two"], {"_m": found["_m"], "_xs": found["_xs"]})
        if result is not None and isinstance(result["_out"], ast.Name) and not same(result["_out"], found["_xs"]):
            found.update(result)
            return True
    return False


def insertion_into_list(subject: Subject) -> Iterator[Rewrite | None]:
    """Every `x` put into its place of a new list -> the list extended and sorted once.

    Applies to a list that was made empty right before the loop; equal elements come in the order in which they came.
    """
    patterns = (
        "for _x in _xs:\n    for _k in range(len(_out)):\n        if _x < _out[_k]:\n            _out.insert(_k, _x)\n"
        "            break\n    else:\n        _out.append(_x)",
        "for _x in _xs:\n    _k = 0\n    while _k < len(_out) and _out[_k] <= _x:\n        _k += 1\n"
        "    _out.insert(_k, _x)",
        "for _x in _xs:\n    _out.append(_x)\n    _out.sort()",
        "for _x in _xs:\n    _out.append(_x)\n    _out = sorted(_out)",
    )
    for block in subject.blocks():
        for place, statement in enumerate(block):
            for pattern in patterns if place else ():
                found = match_statement(pattern, statement)
                if found is None or not isinstance(found["_out"], ast.Name) or not isinstance(found["_x"], ast.Name):
                    continue
                empty = match_statement("_out = []", block[place - 1], {"_out": found["_out"]})
                names = _bound(statement) - names_in(found["_out"])
                apart = not names_in(found["_xs"]) & names_in(found["_out"]) and subject.is_pure(found["_xs"])
                if empty is None or not apart or any(subject.is_loaded_outside(name, [statement]) for name in names):
                    continue
                draft = Draft(subject)
                draft.statements(statement, statement, f"{found['_out'].id} = sorted({ast.unparse(found['_xs'])})")
                yield draft.finish("insertion_into_list", f"sorts {found['_out'].id} once", 0.97)
