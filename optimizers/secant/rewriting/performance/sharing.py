"""Whether the answers of a recursion may be remembered and shared.

They may where the body's value depends on the arguments alone, and where nobody changes an answer afterwards.
"""

from __future__ import annotations

import ast

from secant.rewriting.facts import Facts
from secant.rewriting.performance.recursion import Recursion
from secant.rewriting.performance.subject import Scope, Subject, names_in
from secant.rewriting.purity import dotted, effects
from secant.rewriting.source import FunctionNode

_DIGESTING = ("min", "max", "sum", "len", "any", "all")


def may_be_shared(subject: Subject, recursion: Recursion) -> bool:
    """Whether the body's value depends on the arguments alone and its results are nobody's to change."""
    node = recursion.node
    nested = [part for part in ast.walk(node) if isinstance(part, Scope) and part is not node]
    if any(not isinstance(part, ast.Lambda) for part in nested):
        return False
    if any(names_in(part.body) & set(recursion.spellings) for part in nested if isinstance(part, ast.Lambda)):
        return False
    found = effects(node.body, subject.facts, recursion.spellings)
    if found.unknown:
        return False
    owned = {name for name in found.mutated if _made_here(node, name, recursion)}
    if found.mutated - owned:
        return False
    outside = names_in(node) - set(recursion.parameters) - found.assigned
    if any(name in subject.facts.module_values and not name.isupper() and _is_changed(name, node) for name in outside):
        return False
    return _results_are_safe(recursion)


def _is_changed(name: str, node: FunctionNode) -> bool:
    return any(isinstance(part, ast.Global) and name in part.names for part in ast.walk(node))


def _made_here(node: FunctionNode, name: str, recursion: Recursion) -> bool:
    """Whether `name` is a local that only ever holds new objects (never a parameter or a remembered result)."""
    if name in recursion.parameters:
        return _only_numbers(node, name)
    values: list[ast.expr] = []
    for part in ast.walk(node):
        if isinstance(part, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in part.targets):
            values.append(part.value)
        elif isinstance(part, ast.For | ast.comprehension | ast.NamedExpr | ast.withitem):
            target = getattr(part, "target", None)
            if isinstance(target, ast.AST) and name in names_in(target):
                return False
        elif isinstance(part, ast.Tuple) and isinstance(part.ctx, ast.Store) and name in names_in(part):
            return False
    return bool(values) and all(_is_new(value, recursion) for value in values)


def _only_numbers(node: FunctionNode, name: str) -> bool:
    """A parameter that is only updated by arithmetic with constants (`n -= 1`, `n //= 2`) is bound anew each time."""
    updates = [
        part
        for part in ast.walk(node)
        if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name) and part.target.id == name
    ]
    attribute_roots = [
        part for part in ast.walk(node)
        if isinstance(part, ast.Attribute | ast.Subscript)
        and isinstance(part.value, ast.Name)
        and part.value.id == name
    ]  # fmt: skip
    return not attribute_roots and all(isinstance(part.value, ast.Constant) for part in updates)


def _is_new(value: ast.expr, recursion: Recursion) -> bool:
    if isinstance(value, ast.Constant | ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp):
        return True
    if isinstance(value, ast.BinOp | ast.Compare | ast.JoinedStr):
        return True
    if isinstance(value, ast.Call):
        if dotted(value.func) in recursion.spellings:
            return _scalar_results(recursion)
        name = value.func.id if isinstance(value.func, ast.Name) else ""
        return name in (
            "list",
            "dict",
            "set",
            "sorted",
            "len",
            "int",
            "float",
            "str",
            "deque",
            "Counter",
            "defaultdict",
        )
    if isinstance(value, ast.Subscript):
        return isinstance(value.slice, ast.Slice)
    return isinstance(value, ast.UnaryOp)


def _results_are_safe(recursion: Recursion) -> bool:
    """Whether nobody sees that several callers share one result: it is a scalar, or it is only read and copied."""
    if _scalar_results(recursion):
        return True
    tainted = _tainted(recursion)
    found = effects(recursion.node.body, Facts(), recursion.spellings)
    if tainted & found.mutated:
        return False
    return not any(
        _stores_result(part, recursion, tainted) and not _is_digested(part, recursion)
        for part in ast.walk(recursion.node)
    )


def _scalar_results(recursion: Recursion) -> bool:
    """Whether every `return` gives a number, a string or a truth value, the recursive calls assumed to do so."""
    returns = [part.value for part in ast.walk(recursion.node) if isinstance(part, ast.Return)]
    return all(value is None or _scalar(value, recursion, frozenset()) for value in returns)


def _scalar(  # noqa: PLR0911 # because each kind of node has its own
    value: ast.expr, recursion: Recursion, seen: frozenset[str]
) -> bool:
    if isinstance(value, ast.Constant | ast.Compare | ast.JoinedStr):
        return True
    if isinstance(value, ast.UnaryOp):
        return isinstance(value.op, ast.Not) or _scalar(value.operand, recursion, seen)
    if isinstance(value, ast.BinOp):
        return _scalar(value.left, recursion, seen) or _scalar(value.right, recursion, seen)
    if isinstance(value, ast.BoolOp):
        return all(_scalar(part, recursion, seen) for part in value.values)
    if isinstance(value, ast.IfExp):
        return _scalar(value.body, recursion, seen) and _scalar(value.orelse, recursion, seen)
    if isinstance(value, ast.Tuple):
        return all(_scalar(part, recursion, seen) for part in value.elts)
    if isinstance(value, ast.Call):
        name = dotted(value.func) or ""
        if name in recursion.spellings or name in (
            "len",
            "int",
            "float",
            "bool",
            "str",
            "sum",
            "any",
            "all",
            "round",
            "abs",
        ):
            return True
        if name in ("min", "max"):
            parts = [part.elt if isinstance(part, ast.GeneratorExp | ast.ListComp) else part for part in value.args]
            return any(_scalar(part, recursion, seen) for part in parts)
        return isinstance(value.func, ast.Attribute) and value.func.attr in ("join", "strip", "count", "index", "find")
    if isinstance(value, ast.Name):
        return value.id in seen or _scalar_name(value.id, recursion, seen | {value.id})
    return False


def _scalar_name(name: str, recursion: Recursion, seen: frozenset[str]) -> bool:
    if name in recursion.parameters:
        return any(
            isinstance(part, ast.BinOp) and isinstance(part.left, ast.Name) and part.left.id == name
            and isinstance(part.op, ast.Sub | ast.FloorDiv | ast.Mod)
            for part in ast.walk(recursion.node)
        )  # fmt: skip
    values: list[ast.expr] = []
    for part in ast.walk(recursion.node):
        if isinstance(part, ast.Assign | ast.AugAssign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            values.extend(part.value for target in targets if isinstance(target, ast.Name) and target.id == name)
            if any(isinstance(target, ast.Tuple) and name in names_in(target) for target in targets):
                return False
        elif isinstance(part, ast.For | ast.comprehension | ast.NamedExpr) and name in names_in(part.target):
            return False
    return bool(values) and all(_scalar(value, recursion, seen) for value in values)


def _tainted(recursion: Recursion) -> set[str]:
    """Names that may hold a recursive result or a part of one."""
    tainted: set[str] = set()
    while True:
        before = len(tainted)
        for part in ast.walk(recursion.node):
            if isinstance(part, ast.Assign) and _mentions(part.value, recursion, tainted):
                if not isinstance(part.value, ast.BinOp | ast.ListComp | ast.List | ast.JoinedStr | ast.Compare):
                    tainted |= {name for target in part.targets for name in names_in(target)}
            elif isinstance(part, ast.For | ast.comprehension) and _mentions(part.iter, recursion, tainted):
                tainted |= names_in(part.target)
        if len(tainted) == before:
            return tainted


def _mentions(node: ast.AST, recursion: Recursion, tainted: set[str]) -> bool:
    return bool(names_in(node) & tainted) or any(
        isinstance(part, ast.Call) and dotted(part.func) in recursion.spellings for part in ast.walk(node)
    )


def _stores_result(node: ast.AST, recursion: Recursion, tainted: set[str]) -> bool:
    """Whether the node puts a recursive result itself into another object."""
    stored: list[ast.expr] = []
    if isinstance(node, ast.List | ast.Tuple | ast.Set) and isinstance(
        node.ctx if not isinstance(node, ast.Set) else ast.Load(), ast.Load
    ):
        stored = list(node.elts)
    elif isinstance(node, ast.Dict):
        stored = list(node.values)
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        stored = [node.elt]
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("append", "add", "insert")
    ):
        stored = list(node.args)
    elif isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Subscript | ast.Attribute) for target in node.targets
    ):
        stored = [node.value]
    return any(_is_result(value, recursion, tainted) for value in stored)


def _is_digested(store: ast.AST, recursion: Recursion) -> bool:
    """Whether results are gathered in a local list that is only reduced: `options.append(f(n - 1))`, `min(options)`."""
    function = store.func if isinstance(store, ast.Call) else None
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return False
    name = function.value.id
    readers = {
        id(argument)
        for call in ast.walk(recursion.node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _DIGESTING
        for argument in call.args
    }
    receivers = {
        id(part.value) for part in ast.walk(recursion.node) if isinstance(part, ast.Attribute) and part.attr == "append"
    }
    tests = {
        id(test)
        for part in ast.walk(recursion.node)
        if isinstance(part, ast.If | ast.IfExp)
        for test in (part.test, getattr(part.test, "operand", part.test))
    }
    uses = [part for part in ast.walk(recursion.node) if isinstance(part, ast.Name) and part.id == name]
    return name not in recursion.parameters and all(
        not isinstance(use.ctx, ast.Load) or id(use) in readers | receivers | tests for use in uses
    )


def _is_result(value: ast.expr, recursion: Recursion, tainted: set[str]) -> bool:
    if isinstance(value, ast.Name):
        return value.id in tainted
    return isinstance(value, ast.Call) and dotted(value.func) in recursion.spellings
