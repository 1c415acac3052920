"""The wrong end of a list: `insert(0, .)` and `pop(0)` move every element; a deque or the other end does not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import match_expression, match_statement
from secant.rewriting.performance.subject import Scope, Subject, is_int
from secant.rewriting.purity import dotted


def insert_at_front(subject: Subject) -> Iterator[Rewrite | None]:
    """A list that is only built by `xs.insert(0, x)` in a loop -> `append` in the loop, `reverse` behind it.

    Applies to a local list that was made empty and is not read within the loop.
    """
    for name, loop in _loops_with(subject, "insert"):
        uses = [node for node in ast.walk(loop) if isinstance(node, ast.Name) and node.id == name]
        calls = [_call_of(subject, use) for use in uses]
        fronts = [
            c for c in calls if c is not None and match_expression("_xs.insert(0, _x)", c) and _is_statement(subject, c)
        ]
        if len(fronts) != len(uses) or not was_empty(subject, name, loop) or _leaves_function(loop, name):
            continue
        draft = Draft(subject)
        for call in fronts:
            draft.expression(call, f"{name}.append({ast.unparse(call.args[1])})")
        draft.after(loop, f"{name}.reverse()")
        yield draft.finish("insert_at_front", f"appends to {name} and reverses it once", 0.9)


def _loops_with(subject: Subject, method: str) -> list[tuple[str, ast.For | ast.While]]:
    """Local lists and the outermost loops in which the method is called on them."""
    found: dict[str, ast.For | ast.While] = {}
    for node in subject.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
            name = dotted(node.func.value)
            loops = [loop for loop in subject.iterations_around(node) if isinstance(loop, ast.For | ast.While)]
            if name and name.isidentifier() and name not in found and loops and subject.is_fresh(name):
                inside = [loop for loop in loops if not _rebinds(loop, name)]
                if inside:
                    found[name] = inside[-1]
    return list(found.items())


def _rebinds(loop: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load) for n in ast.walk(loop))


def _call_of(subject: Subject, use: ast.Name) -> ast.Call | None:
    attribute = subject.parent(use)
    call = subject.parent(attribute) if isinstance(attribute, ast.Attribute) else None
    return call if isinstance(call, ast.Call) and call.func is attribute else None


def _is_statement(subject: Subject, call: ast.Call) -> bool:
    return isinstance(subject.parent(call), ast.Expr)


def was_empty(subject: Subject, name: str, loop: ast.stmt, empties: tuple[str, ...] = ("[]", "list()")) -> bool:
    """Whether the list is empty where the loop begins: made so in the same block and not mentioned in between."""
    block = subject.block_of(loop)
    for earlier in reversed(block[: block.index(loop)]):
        if any(match_statement(f"{name} = {empty}", earlier) is not None for empty in empties):
            return True
        if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(earlier)):
            return False
    return False


def _leaves_function(loop: ast.AST, name: str) -> bool:
    """Whether the loop can end the function (a return inside would see the list before it is reversed)."""
    return any(isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) for node in ast.walk(loop))


def front_by_concatenation(subject: Subject) -> Iterator[Rewrite | None]:
    """`xs = [x] + xs` in a loop, `xs` otherwise unread there -> `append` in the loop, `reverse` behind it."""
    for loop in subject.nodes:
        if not isinstance(loop, ast.For | ast.While) or subject.iterations_around(loop):
            continue
        for node in ast.walk(loop):
            found = match_statement("_xs = [_x] + _xs", node) if isinstance(node, ast.Assign) else None
            if found is None or not isinstance(found["_xs"], ast.Name) or not isinstance(node, ast.Assign):
                continue
            name = found["_xs"].id
            uses = [n for n in ast.walk(loop) if isinstance(n, ast.Name) and n.id == name]
            if len(uses) == 2 and was_empty(subject, name, loop) and not _leaves_function(loop, name):
                draft = Draft(subject)
                draft.statements(node, node, f"{name}.append({ast.unparse(found['_x'])})")
                draft.after(loop, f"{name}.reverse()")
                yield draft.finish("insert_at_front", f"appends to {name} and reverses it once", 0.9)


def deque_queue(subject: Subject) -> Iterator[Rewrite | None]:
    """A local list used as a queue (`pop(0)` in a loop) -> `collections.deque`, `popleft()`.

    Applies where the list is only measured, tested, iterated, indexed, appended to, extended and popped: a deque does
    all of that with the same results, and is made a list again where it is returned. An empty one raises IndexError as
    before. A list that is sliced, compared or handed to a function stays a list.
    """
    for name, _ in [*_loops_with(subject, "pop"), *_loops_with(subject, "insert")]:
        draft = Draft(subject)
        if not _is_queue(subject, name, draft):
            continue
        deque = draft.imported("collections.deque")
        for value in subject.assigned_values(name) or []:
            whole = isinstance(value, ast.List) and not value.elts
            copied = match_expression("list(_xs)", value)
            inner = "" if whole else ast.unparse(copied["_xs"] if copied else value)
            draft.expression(value, f"{deque}({inner})")
        yield draft.finish("deque_queue", f"{name} is a deque", 0.85)


def _is_queue(subject: Subject, name: str, draft: Draft) -> bool:
    """Whether every use of the list suits a deque; notes the calls that are spelled differently there."""
    fronts = 0
    for node in ast.walk(subject.node):
        if not (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)):
            continue
        call = _call_of(subject, node)
        if call is not None and call.func.attr == "pop" and len(call.args) == 1 and is_int(call.args[0], 0):  # type: ignore[attr-defined]
            draft.expression(call, f"{name}.popleft()")
            fronts += 1
        elif call is not None and match_expression("_xs.insert(0, _x)", call):
            draft.expression(call, f"{name}.appendleft({ast.unparse(call.args[1])})")
            fronts += 1
        elif isinstance(subject.parent(node), ast.Return):
            draft.expression(node, f"list({name})")
        elif not _suits_deque(subject, node, call):
            return False
    return fronts > 0


_READERS = frozenset(["len", "sum", "min", "max", "any", "all", "sorted", "list", "bool"])


def _suits_deque(subject: Subject, node: ast.Name, call: ast.Call | None) -> bool:
    if call is not None:
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if method == "pop":
            return not call.args
        return method in ("append", "extend", "clear", "remove", "count", "reverse")
    parent = subject.parent(node)
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Name) and parent.func.id in _READERS
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return isinstance(parent.ctx, ast.Load) and isinstance(parent.slice, ast.Constant)
    if isinstance(parent, ast.While | ast.If | ast.IfExp | ast.BoolOp | ast.UnaryOp):
        return _only_tested(subject, node)
    return (
        isinstance(parent, ast.Compare)
        and len(parent.ops) == 1
        and isinstance(parent.ops[0], ast.In | ast.NotIn)
        and parent.left is not node
    )


def _only_tested(subject: Subject, node: ast.AST) -> bool:
    """Whether only the truth of the list matters: the test of a statement, perhaps joined by `and` and `or`."""
    parent = subject.parent(node)
    if isinstance(parent, ast.UnaryOp):
        return isinstance(parent.op, ast.Not)
    while isinstance(parent, ast.BoolOp):
        node, parent = parent, subject.parent(parent)
    return isinstance(parent, ast.While | ast.If | ast.IfExp) and parent.test is node


def emptied_by_front(subject: Subject) -> Iterator[Rewrite | None]:
    """`while xs: x = xs.pop(0); ...` where the body does not use `xs` otherwise -> `for x in xs: ...; xs.clear()`.

    Applies where the loop has no `break`, `return` or `raise`, so that the list is always used up.
    """
    for node in subject.nodes:
        if not isinstance(node, ast.While) or node.orelse:
            continue
        for test in ("_xs", "len(_xs) > 0"):
            found = match_statement(f"while {test}:\n    _x = _xs.pop(0)\n    __body", node)
            if found is None or not isinstance(found["_xs"], ast.Name) or not subject.is_fresh(found["_xs"].id):
                continue
            name = found["_xs"].id
            uses = [n for s in node.body[1:] for n in ast.walk(s) if isinstance(n, ast.Name) and n.id == name]
            leaves = any(isinstance(n, ast.Break | ast.Return | ast.Raise | ast.Yield | Scope) for n in ast.walk(node))
            if uses or leaves or not node.body[1:]:
                continue
            draft = Draft(subject)
            draft.statements(node.body[0], node.body[0], "")
            start = draft.source.offset(node.lineno, node.col_offset)
            end = draft.source.span(node.test)[1]
            draft.splice(start, end, f"for {ast.unparse(found['_x'])} in {name}")
            draft.after(node, f"{name}.clear()")
            yield draft.finish("emptied_by_front", f"goes through {name} in place", 0.6)
