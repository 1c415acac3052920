"""A list of groups that is searched for the group of each item: a dict of the groups by key, kept beside the list."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.membership import appends
from secant.rewriting.performance.queues import was_empty
from secant.rewriting.performance.subject import Subject, names_in
from secant.rewriting.purity import MUTATING_METHODS, root_name


class Search(NamedTuple):
    """`for group in groups: if key(group) == sought: ...` in a loop that appends to `groups`."""

    scan: ast.For
    groups: str
    key: ast.expr
    """In terms of the scan's variable."""
    sought: ast.expr
    outer: ast.For | ast.While


def group_searches(subject: Subject) -> Iterator[Rewrite | None]:
    """`for g in groups: if key(g[0]) == key(x): ...; break` -> `for g in groups_by_key.get(key(x), ()): ...`.

    The list begins empty and is only appended to, and every group is noted in the dict when it is appended. A key reads
    the group's first element or field, which nobody stores to, so it stays what it was. Keys that are lists, as
    `sorted` gives them, are made tuples in the dict.
    """
    for node in subject.nodes:
        search = _search(subject, node) if isinstance(node, ast.For) else None
        if search is not None:
            yield _looked_up(subject, search)


def _search(subject: Subject, scan: ast.For) -> Search | None:
    if not isinstance(scan.target, ast.Name) or not isinstance(scan.iter, ast.Name):
        return None
    variable, groups = scan.target.id, scan.iter.id
    outer = next((loop for loop in subject.iterations_around(scan) if isinstance(loop, ast.For | ast.While)), None)
    only = scan.body[0] if len(scan.body) == 1 else None
    if outer is None or not isinstance(only, ast.If) or only.orelse:
        return None
    test = only.test
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
        return None
    if subject.is_loaded_outside(variable, [scan]) or not was_empty(subject, groups, outer):
        return None
    for key, sought in ((test.left, test.comparators[0]), (test.comparators[0], test.left)):
        if variable in names_in(key) and variable not in names_in(sought):
            search = Search(scan, groups, key, sought, outer)
            return search if _stays(subject, search) else None
    return None


def _stays(subject: Subject, search: Search) -> bool:
    """Whether keys stay what they are, and the list changes by appending new groups alone."""
    variable = search.scan.target.id if isinstance(search.scan.target, ast.Name) else ""
    pure = subject.is_pure(search.key) and subject.is_pure(search.sought)
    bound = subject.loop_effects(search.outer)
    if not pure or bound.unknown or names_in(search.key) - {variable, "sorted", "len", "tuple", "str", "set"}:
        return False
    grown = appends(search.outer, search.groups)
    if not grown or any(not isinstance(subject.statement_of(call), ast.Expr) for call in grown):
        return False
    if not all(isinstance(call.args[0], ast.List | ast.Tuple | ast.Dict) for call in grown):
        return False
    uses = [n for n in ast.walk(search.outer) if isinstance(n, ast.Name) and n.id == search.groups]
    return len(uses) == len(grown) + 1 and _reads_fixed_part(subject, search, variable)


def _reads_fixed_part(subject: Subject, search: Search, variable: str) -> bool:
    """Whether the key takes one fixed part of the group, and the loop stores to other parts or appends only."""
    parts = [n for n in ast.walk(search.key) if isinstance(n, ast.Subscript) and ast.unparse(n.value) == variable]
    places = {repr(n.slice.value) for n in parts if isinstance(n.slice, ast.Constant)}
    mentions = [n for n in ast.walk(search.key) if isinstance(n, ast.Name) and n.id == variable]
    if len(places) != 1 or len(parts) != len(mentions):
        return False
    for node in ast.walk(search.outer):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            other = isinstance(node.slice, ast.Constant) and repr(node.slice.value) not in places
            if not other and not subject.is_fresh(root_name(node) or "?"):
                return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING_METHODS:
            ends = node.func.attr in ("append", "add") and not isinstance(node.func.value, ast.Call)
            first = (
                isinstance(node.func.value, ast.Subscript)
                and repr(getattr(node.func.value.slice, "value", 0)) in places
            )
            if (not ends or first) and not subject.is_fresh(root_name(node.func.value) or "?"):
                return False
    return True


def _looked_up(subject: Subject, search: Search) -> Rewrite | None:
    draft = Draft(subject)
    variable = ast.unparse(search.scan.target)
    name = subject.free_name(f"{search.groups}_by_key", "by_key")
    lists = ast.unparse(search.key).startswith("sorted(") and ast.unparse(search.sought).startswith("sorted(")
    sought, key = ast.unparse(search.sought), ast.unparse(search.key)
    hashable = lists or subject.hashable(search.sought) or _key_type(subject, search.sought)
    if not hashable:
        return None
    if lists:
        sought, key = f"tuple({sought})", f"tuple({key})"
    draft.before(search.outer, f"{name} = {{}}")
    draft.expression(search.scan.iter, f"{name}.get({sought}, ())")
    for call in appends(search.outer, search.groups):
        newest = f"{search.groups}[-1]"
        noted = f"{name}.setdefault({_key_of_new(key, variable, call.args[0], newest)}, []).append({newest})"
        draft.after(subject.statement_of(call), noted)
    return draft.finish("group_searches", f"finds the group in a dict beside {search.groups}", 0.94)


def _key_type(subject: Subject, sought: ast.expr) -> bool:
    """Whether what is looked for is text by the way it is made."""
    return subject.is_type(sought, "str", "int", "bool")


def _key_of_new(key: str, variable: str, group: ast.expr, newest: str) -> str:
    """The key of a group that was just appended, by what its display shows where that is a name."""
    tree = _Shown(variable, group, newest).visit(ast.parse(key, mode="eval").body)
    return ast.unparse(tree)


class _Shown(ast.NodeTransformer):
    """Puts the parts that a display shows, or the newest group itself, for the variable of the scan."""

    def __init__(self, variable: str, group: ast.expr, newest: str) -> None:
        self.variable, self.group = variable, group
        self.newest = ast.parse(newest, mode="eval").body

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        shown = _shown(self.group, node.slice) if ast.unparse(node.value) == self.variable else None
        return shown or self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.newest if node.id == self.variable else node


def _shown(group: ast.expr, place: ast.expr) -> ast.expr | None:
    if not isinstance(place, ast.Constant):
        return None
    found: ast.expr | None = None
    if isinstance(group, ast.List | ast.Tuple) and type(place.value) is int and 0 <= place.value < len(group.elts):
        found = group.elts[place.value]
    if isinstance(group, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else None for key in group.keys]
        found = group.values[keys.index(place.value)] if keys.count(place.value) == 1 else None
    return ast.Name(found.id, ast.Load()) if isinstance(found, ast.Name) else None
