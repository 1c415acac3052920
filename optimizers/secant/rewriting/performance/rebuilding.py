"""Tables that every pass of a loop builds anew from things that do not change: built once.

What can fail must fail where it failed before, so a table is built by the first pass that needs it and kept for the
others; only what cannot fail is moved in front of the loop.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.hoisting import when_run
from secant.rewriting.performance.subject import Comprehension, Iteration, Scope, Subject, makes_new, names_in

_SIZED = ("list", "tuple", "str", "dict", "set", "frozenset", "range", "deque", "defaultdict", "Counter", "bytes")


class Table(NamedTuple):
    """Statements that compute the value of one name, and the outermost loop in whose every pass it is the same."""

    name: str
    first: ast.stmt
    last: ast.stmt
    loop: ast.For | ast.While


def rebuilt_tables(subject: Subject) -> Iterator[Rewrite | None]:
    """`for x in xs: d = {}; for k, v in pairs: d[k] = v; ...` -> `d = None` before, `if d is None:` around it.

    Also `d = {...}` by a comprehension, and a number that an inner loop adds up. Applies where what it is built from
    keeps its contents in every pass, nothing else happens on the way, and the table is only read afterwards.
    """
    for block in subject.blocks():
        for place, statement in enumerate(block):
            for group in ([statement], block[place : place + 2]):
                table = _table(subject, group)
                if table is not None:
                    yield _built_once(subject, table, group)


def _table(subject: Subject, group: Sequence[ast.stmt]) -> Table | None:
    first, last = group[0], group[-1]
    if not isinstance(first, ast.Assign) or len(first.targets) != 1 or not isinstance(first.targets[0], ast.Name):
        return None
    name = first.targets[0].id
    if not _computes(subject, name, group) or name in subject.parameters:
        return None
    inside = {id(part) for statement in group for part in ast.walk(statement)}
    if any(id(binding) not in inside for binding in subject.bindings(name)):
        return None
    best: ast.For | ast.While | None = None
    for loop in subject.iterations_around(first):
        if isinstance(loop, Comprehension) or not _same_in_every_pass(subject, name, group, loop):
            break
        best = loop
    if best is None or subject.is_loaded_outside(name, [best]) or _is_changed(subject, name, best, inside):
        return None
    return Table(name, first, last, best)


def _computes(subject: Subject, name: str, group: Sequence[ast.stmt]) -> bool:
    """Whether the group is `name = <comprehension>`, or `name = <empty>` and a loop that fills nothing but `name`."""
    first = group[0]
    if not isinstance(first, ast.Assign):
        return False
    if len(group) == 1:
        return isinstance(first.value, ast.ListComp | ast.SetComp | ast.DictComp) and subject.is_pure(first.value)
    loop = group[1]
    if not isinstance(loop, ast.For) or loop.orelse or getattr(loop, "was_while", False) or not makes_new(first.value):
        return False
    if name not in names_in(loop) or any(
        isinstance(n, ast.Return | ast.Break | ast.Raise | Scope) for n in ast.walk(loop)
    ):
        return False
    found = subject.effects(group)
    others = {n for n in found.assigned if n != name}
    return (
        not found.unknown
        and found.mutated <= {name}
        and not any(subject.is_loaded_outside(other, [loop]) for other in others)
    )


def _same_in_every_pass(subject: Subject, name: str, group: Sequence[ast.stmt], loop: Iteration) -> bool:
    """Whether all that the group reads from outside of itself is the same in every pass and can be read again."""
    own = subject.effects(group).assigned | {
        n for s in group for part in ast.walk(s) if isinstance(part, ast.comprehension) for n in names_in(part.target)
    }
    read = sorted({n for statement in group for n in names_in(statement)} - own - {name})
    walked = [part.iter for s in group for part in ast.walk(s) if isinstance(part, ast.For | ast.comprehension)]
    roots = {n for iterator in walked for n in names_in(iterator)} & set(read)
    sized = all(
        subject.is_type(ast.Name(root, ast.Load()), *_SIZED, "int", "function", "type")
        for root in roots
        if root not in ("range", "enumerate", "zip", "len", "sorted", "set", "list", "reversed")
    )
    return (
        sized
        and bool(roots)
        and subject.is_invariant(ast.Tuple([ast.Name(n, ast.Load()) for n in read], ast.Load()), loop)
    )


def _is_changed(subject: Subject, name: str, loop: ast.AST, inside: set[int]) -> bool:
    """Whether the loop changes the table outside of the group, or gives it away."""
    for node in ast.walk(loop):
        if id(node) in inside or not (isinstance(node, ast.Name) and node.id == name):
            continue
        parent = subject.parent(node)
        if isinstance(parent, ast.Attribute) and not subject.is_pure(ast.Call(parent, [], [])):
            return True
        if isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load):
            return True
        if isinstance(parent, ast.Return | ast.AugAssign | ast.Delete):
            return True
        if isinstance(parent, ast.Attribute) and isinstance(subject.parent(parent), ast.Assign):
            return True
    return subject.escapes(name) or any(isinstance(node, ast.Try | ast.Yield) for node in ast.walk(loop))


def _built_once(subject: Subject, table: Table, group: Sequence[ast.stmt]) -> Rewrite | None:
    draft = Draft(subject)
    source = subject.source
    start, end = source.line_span(table.first.lineno, table.last.end_lineno or table.last.lineno)
    lines = source.text.encode()[start:end].decode().split("\n")[:-1]
    if any(isinstance(n, ast.Constant) and n.end_lineno != n.lineno for s in group for n in ast.walk(s)):
        return None
    test = when_run(subject, group[0], table.loop) if len(group) == 1 else None
    value = group[0].value if isinstance(group[0], ast.Assign) else None
    if test is not None and value is not None:
        empty = "[]" if isinstance(value, ast.ListComp) else "set()" if isinstance(value, ast.SetComp) else "{}"
        where = subject.statement_of(table.loop)
        draft.before(where, f"{table.name} = {source.segment(value)} if {test} else {empty}")
        draft.splice(start, end, "")
        return draft.finish("rebuilt_tables", f"builds {table.name} once", 0.9)
    margin = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    draft.before(subject.statement_of(table.loop), f"{table.name} = None")
    shifted = "\n".join(draft.unit + line if line.strip() else line for line in lines)
    draft.splice(start, end, f"{margin}if {table.name} is None:\n{shifted}\n")
    return draft.finish("rebuilt_tables", f"builds {table.name} once", 0.9)
