"""Recursion along a list, which copies the rest of it at every step: a loop over the elements from the far end."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import match_expression
from secant.rewriting.performance.memoize import Recursion, recursion_of_function
from secant.rewriting.performance.normal import same
from secant.rewriting.performance.subject import Comprehension, Subject, names_in

_EMPTY = ("not _xs", "len(_xs) == 0", "len(_xs) < 1", "_xs == []", "_xs == ''", "_xs == ()")


class Fold(NamedTuple):
    """A recursion that takes one element from an end of `xs` and asks itself about the others."""

    recursion: Recursion
    xs: str
    base: ast.expr
    rest: list[ast.stmt]
    from_left: bool
    """Whether the element is `xs[0]` and the others are `xs[1:]`; else `xs[-1]` and `xs[:-1]`."""


def slice_recursion(subject: Subject) -> Iterator[Rewrite | None]:
    """`if not xs: return b; return g(xs[0], f(xs[1:]))` -> `result = b; for item in reversed(xs): result = g(item, result)`.

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
    first, xs = body[0], recursion.varying[0]
    name = ast.Name(xs, ast.Load())
    if not isinstance(first, ast.If) or len(first.body) != 1 or not isinstance(first.body[0], ast.Return):
        return None
    empty = any(match_expression(pattern, first.test, {"_xs": name}) is not None for pattern in _EMPTY)
    base = first.body[0].value
    if not empty or base is None or names_in(base) - set(recursion.parameters) or xs in names_in(base):
        return None
    rest = [*first.orelse, *body[1:]]
    if not subject.is_type(name, "list", "tuple", "str") or subject.effects(rest, recursion.spellings).unknown:
        return None
    if subject.effects(rest, recursion.spellings).mutated or not subject.is_pure(base):
        return None
    place = recursion.parameters.index(xs) - recursion.bound
    for cut, from_left in (("_xs[1:]", True), ("_xs[:-1]", False)):
        passed = [call.args[place] for call in recursion.calls if place < len(call.args)]
        if len(passed) == len(recursion.calls) and all(match_expression(cut, one, {"_xs": name}) for one in passed):
            return Fold(recursion, xs, base, rest, from_left)
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
            before[-1].body, before[-1].orelse = one, two
            return before
        else:
            return None
    return None


def _times_asked(fold: Fold, statement: ast.stmt) -> int:
    """How often the statement calls the function; more than once counts as what it may be, where it may be skipped."""
    calls = [part for part in ast.walk(statement) if any(part is call for call in fold.recursion.calls)]
    for part in ast.walk(statement):
        if isinstance(part, ast.BoolOp | ast.IfExp | ast.Lambda | Comprehension):
            if any(inner is call for inner in ast.walk(part) for call in calls):
                return 2
    return len(calls)


def _replaced(fold: Fold, statements: list[ast.stmt], result: str, item: str) -> list[ast.stmt] | None:
    """The statements about `item` and `result`; None where something else of `xs` is left."""
    replacer = _Replacer(fold, result, item)
    changed = [ast.fix_missing_locations(replacer.visit(copy.deepcopy(statement))) for statement in statements]
    return None if any(fold.xs in names_in(statement) for statement in changed) else changed


class _Replacer(ast.NodeTransformer):
    def __init__(self, fold: Fold, result: str, item: str) -> None:
        self.calls = fold.recursion.calls
        self.end = ast.parse(f"{fold.xs}[{'0' if fold.from_left else '-1'}]", mode="eval").body
        self.negative = ast.Subscript(ast.Name(fold.xs, ast.Load()), ast.Constant(0 if fold.from_left else -1), ast.Load())
        self.result, self.item = result, item

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if any(same(node, call) for call in self.calls):
            return ast.Name(self.result, ast.Load())
        return self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if same(node, self.end) or same(node, self.negative):
            return ast.Name(self.item, ast.Load())
        return self.generic_visit(node)
