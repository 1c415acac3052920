"""Loops that do by hand what a container does itself: ask whether an element is there, and how often.

Containers compare by identity before they compare by `==`, which shows only where something is unequal to itself, so
these rules ask for elements of types that are always equal to themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import Match, match_expression, match_statement
from secant.rewriting.performance.membership import is_character
from secant.rewriting.performance.subject import Subject, names_in

_REFLEXIVE = ("int", "str", "bool", "bytes", "NoneType")
"""Types whose values are equal to themselves, as NaN is not."""


def equality_scans(subject: Subject) -> Iterator[Rewrite | None]:
    """`any(x == y for y in ys)` -> `x in ys`; `all(x != y for y in ys)` -> `x not in ys`."""
    for node in subject.nodes:
        for pattern, operator in (("any(_x == _y for _z in _ys)", "in"), ("all(_x != _y for _z in _ys)", "not in")):
            found = match_expression(pattern, node) or match_expression(pattern.replace("(", "([", 1)[:-1] + "])", node)
            sought = _sought(subject, found) if found is not None else None
            if found is not None and sought is not None and subject.is_type(found["_ys"], *_CONTAINERS):
                draft = Draft(subject)
                draft.expression(node, f"({ast.unparse(sought)} {operator} {ast.unparse(found['_ys'])})")
                yield draft.finish("equality_scans", f"asks {ast.unparse(found['_ys'])} itself", 0.94)


_CONTAINERS = ("list", "tuple", "set", "frozenset", "dict")


def _sought(subject: Subject, found: Match) -> ast.expr | None:
    """The side of the comparison that is not the loop's variable, if it is the same throughout the loop."""
    variable = found["_z"]
    if not isinstance(variable, ast.Name):
        return None
    for one, other in ((found["_x"], found["_y"]), (found["_y"], found["_x"])):
        if isinstance(one, ast.Name) and one.id == variable.id and variable.id not in names_in(other):
            known = all(subject.is_type(side, *_REFLEXIVE) for side in (one, other))
            return other if known and subject.is_pure(other) else None
    return None


_COUNTING_LOOP = "for _z in _ys:\n    if _x == _y:\n        _n += 1"
_COUNTS = (
    "sum(1 for _z in _ys if _x == _y)",
    "sum([1 for _z in _ys if _x == _y])",
    "sum(_x == _y for _z in _ys)",
    "len([_z for _z in _ys if _x == _y])",
)


def counting_scans(subject: Subject) -> Iterator[Rewrite | None]:
    """`for y in ys: if y == x: n += 1`, `sum(1 for y in ys if y == x)` -> `ys.count(x)`.

    Applies to lists and tuples of elements that are equal to themselves, and to the characters of a string; what is
    not one character is in none of them, though `count` would find it as a part.
    """
    for node in subject.nodes:
        if isinstance(node, ast.For):
            found = match_statement(_COUNTING_LOOP, node)
            counted = _count(subject, found) if found is not None else None
            if found is None or counted is None or subject.is_loaded_outside(found["_z"].id, [node]):
                continue
            total = found["_n"]
            if isinstance(total, ast.Name) and total.id not in names_in(node.iter) | names_in(found["_x"]) | names_in(
                found["_y"]
            ):
                draft = Draft(subject)
                draft.add_to(total.id, node, counted)
                yield draft.finish("counting_scans", f"{ast.unparse(found['_ys'])}.count", 0.85)
        for pattern in _COUNTS if isinstance(node, ast.Call) else ():
            found = match_expression(pattern, node)
            counted = _count(subject, found) if found is not None else None
            if found is not None and counted is not None:
                draft = Draft(subject)
                draft.expression(node, f"({counted})" if " " in counted else counted)
                yield draft.finish("counting_scans", f"{ast.unparse(found['_ys'])}.count", 0.85)


def is_said_shorter(subject: Subject, node: ast.AST) -> bool:
    """Whether a rule of this room replaces the loop or generator, so that a dict of equal keys would be too much."""
    if isinstance(node, ast.For):
        found = match_statement(_COUNTING_LOOP, node)
        return found is not None and _count(subject, found) is not None
    call = subject.parent(subject.parent(node) or node) if isinstance(node, ast.comprehension) else None
    for pattern in _COUNTS if call is not None else ():
        found = match_expression(pattern, call)
        if found is not None and _count(subject, found) is not None:
            return True
    for pattern in ("any(_x == _y for _z in _ys)", "all(_x != _y for _z in _ys)"):
        found = match_expression(pattern, call)
        if found is not None and _sought(subject, found) is not None:
            return subject.is_type(found["_ys"], *_CONTAINERS)
    return False


def _count(subject: Subject, found: Match) -> str | None:
    """The call of `count` that gives the same number."""
    sought, items = _sought(subject, found), found["_ys"]
    if sought is None or not subject.is_pure(items):
        return None
    call = f"{ast.unparse(items)}.count({ast.unparse(sought)})"
    if subject.is_type(items, "list", "tuple"):
        return call
    if not subject.is_type(items, "str"):
        return None
    if not subject.is_type(sought, "str"):
        return None
    return call if is_character(subject, sought) else f"{call} if len({ast.unparse(sought)}) == 1 else 0"
