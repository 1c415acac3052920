"""Recursion along a list, which copies the rest of it at every step: a loop over the elements from the far end."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import match_expression
from secant.rewriting.performance.normal import same
from secant.rewriting.performance.recursion import Recursion, recursion_of_function
from secant.rewriting.performance.subject import Comprehension, Subject, names_in
from secant.rewriting.purity import dotted

_EMPTY = ("not _xs", "len(_xs) == 0", "len(_xs) < 1", "_xs == []", "_xs == ''", "_xs == ()")


class Fold(NamedTuple):
    """A recursion that takes one element from an end of `xs` and asks itself about the others."""

    calls: list[ast.Call]
    xs: str
    base: ast.expr
    rest: list[ast.stmt]
    from_left: bool
    """Whether the element is `xs[0]` and the others are `xs[1:]`; else `xs[-1]` and `xs[:-1]`."""


def slice_recursion(subject: Subject) -> Iterator[Rewrite | None]:
    """`if not xs: return b; return g(xs[0], f(xs[1:]))` -> `r = b`, `for x in reversed(xs): r = g(x, r)`.

    The innermost call answers first, so the loop starts at the far end, and every step computes the same from the same.
    Applies where all paths ask for the others exactly once and for nothing else of `xs`, without effects. What was too
    long for the stack is answered now.
    """
    recursion = recursion_of_function(subject)
    fold = _fold(subject, recursion) if recursion is not None else None
    if fold is None:
        return
    result, item = subject.free_name("result", "answer"), subject.free_name("item", "element")
    converted = _converted(fold, fold.rest, result, item)
    if converted is None:
        return
    draft = Draft(subject)
    walked = f"reversed({fold.xs})" if fold.from_left else fold.xs
    body = "\n".join("    " + line for statement in converted for line in ast.unparse(statement).split("\n"))
    code = f"{result} = {ast.unparse(fold.base)}\nfor {item} in {walked}:\n{body}\nreturn {result}"
    first = next(s for s in subject.node.body if s.lineno == draft.body_start().lineno)
    draft.statements(first, subject.node.body[-1], code)
    yield draft.finish("slice_recursion", f"goes through {fold.xs} in a loop", 0.9)


def _fold(subject: Subject, recursion: Recursion) -> Fold | None:
    body = [s for s in subject.node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(recursion.varying) != 1 or len(body) < 2:
        return None
    xs = recursion.varying[0]
    name = ast.Name(xs, ast.Load())
    base = _base(body[0], name)
    if base is None or names_in(base) - set(recursion.parameters) or xs in names_in(base) or not subject.is_pure(base):
        return None
    written = subject.source.node.body[-len(body) :]
    rest = [*getattr(written[0], "orelse", []), *written[1:]]
    found = subject.effects(rest, recursion.spellings)
    if found.unknown or found.mutated or not subject.is_type(name, "list", "tuple", "str"):
        return None
    from_left = _end(recursion, name)
    calls = [n for s in rest for n in ast.walk(s) if isinstance(n, ast.Call) and dotted(n.func) in recursion.spellings]
    return Fold(calls, xs, base, rest, from_left) if from_left is not None else None


def _base(first: ast.stmt, xs: ast.Name) -> ast.expr | None:
    """What is returned where nothing is left of `xs`."""
    only = first.body[0] if isinstance(first, ast.If) and len(first.body) == 1 else None
    if not isinstance(first, ast.If) or not isinstance(only, ast.Return):
        return None
    empty = any(match_expression(pattern, first.test, {"_xs": xs}) is not None for pattern in _EMPTY)
    return only.value if empty else None


def _end(recursion: Recursion, xs: ast.Name) -> bool | None:
    """Whether all calls pass `xs[1:]` (True) or all pass `xs[:-1]` (False)."""
    place = recursion.parameters.index(xs.id) - recursion.bound
    passed = [call.args[place] if place < len(call.args) else None for call in recursion.calls]
    for cut, from_left in (("_xs[1:]", True), ("_xs[:-1]", False)):
        if all(match_expression(cut, one, {"_xs": xs}) is not None for one in passed):
            return from_left
    return None


def _converted(fold: Fold, statements: Sequence[ast.stmt], result: str, item: str) -> list[ast.stmt] | None:
    """The statements with `result = e` for `return e`; None where a path does not end or does not ask exactly once."""
    done: list[ast.stmt] = []
    asked = 0
    for place, statement in enumerate(statements):
        if isinstance(statement, ast.Assign):
            asked += _times_asked(fold, statement)
            done.append(statement)
        elif isinstance(statement, ast.Return) and statement.value is not None:
            if asked + _times_asked(fold, statement) != 1 or place + 1 != len(statements):
                return None
            done.append(ast.Assign([ast.Name(result, ast.Store())], statement.value))
            return _replaced(fold, done, result, item)
        elif isinstance(statement, ast.If) and not asked and not _times_asked(fold, ast.Expr(statement.test)):
            other = [*statement.orelse, *statements[place + 1 :]]
            one, two = _converted(fold, statement.body, result, item), _converted(fold, other, result, item)
            before = _replaced(fold, [*done, ast.If(statement.test, [ast.Pass()], [])], result, item)
            if one is None or two is None or before is None or not isinstance(before[-1], ast.If):
                return None
            return [*before[:-1], *_choice(before[-1].test, one, two)]
        else:
            return None
    return None


def _choice(test: ast.expr, one: list[ast.stmt], two: list[ast.stmt]) -> list[ast.stmt]:
    """`if test: one` and `else: two`, without a branch that would only keep the result."""
    kept = [_keeps_result(one), _keeps_result(two)]
    if kept == [False, True]:
        return [ast.If(test, one, [])]
    if kept == [True, False]:
        return [ast.If(ast.UnaryOp(ast.Not(), test), two, [])]
    return [ast.If(test, one, two)] if kept == [False, False] else []


def _keeps_result(branch: list[ast.stmt]) -> bool:
    only = branch[0] if len(branch) == 1 else None
    return isinstance(only, ast.Assign) and same(only.targets[0], only.value)


def _times_asked(fold: Fold, statement: ast.stmt) -> int:
    """How often the statement calls the function; more than once counts as what it may be, where it may be skipped."""
    calls = [part for part in ast.walk(statement) if any(part is call for call in fold.calls)]
    skipping = [p for p in ast.walk(statement) if isinstance(p, ast.BoolOp | ast.IfExp | ast.Lambda | Comprehension)]
    maybe = any(inner is call for part in skipping for inner in ast.walk(part) for call in calls)
    return 2 if maybe else len(calls)


def _replaced(fold: Fold, statements: list[ast.stmt], result: str, item: str) -> list[ast.stmt] | None:
    """The statements about `item` and `result`; None where something else of `xs` is left."""
    replacer = _Replacer(fold, result, item)
    changed = [ast.fix_missing_locations(replacer.visit(copy.deepcopy(statement))) for statement in statements]
    return None if any(fold.xs in names_in(statement) for statement in changed) else changed


class _Replacer(ast.NodeTransformer):
    def __init__(self, fold: Fold, result: str, item: str) -> None:
        self.calls = fold.calls
        self.end = ast.parse(f"{fold.xs}[{'0' if fold.from_left else '-1'}]", mode="eval").body
        self.negative = ast.Subscript(
            ast.Name(fold.xs, ast.Load()), ast.Constant(0 if fold.from_left else -1), ast.Load()
        )
        self.result, self.item = result, item

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if any(same(node, call) for call in self.calls):
            return ast.Name(self.result, ast.Load())
        return self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if same(node, self.end) or same(node, self.negative):
            return ast.Name(self.item, ast.Load())
        return self.generic_visit(node)
