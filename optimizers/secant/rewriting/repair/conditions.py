"""Conditions: negated, constant, with a part too many or too few, or about the wrong thing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from secant.rewriting.edit import Edit
from secant.rewriting.repair import kinds
from secant.rewriting.repair.anatomy import Anatomy, Piece, Slot, binds, fitted, is_condition
from secant.rewriting.repair.drafting import atom, joined, negated, replacement, shortened, spaced
from secant.rewriting.repair.precedence import Level
from secant.rewriting.repair.priors import PRIORS

_MANY = 9
"""Names that pairwise comparisons are made of: beyond that the nearest to hand are taken."""


def parts(function: Anatomy) -> Iterator[Edit]:
    """A condition with a part too many: one operand of `and` / `or` goes, or only one stays."""
    for slot in function.slots:
        if not isinstance(slot.node, ast.BoolOp):
            continue
        values, word = slot.node.values, "and" if isinstance(slot.node.op, ast.And) else "or"
        for index, value in enumerate(values):
            yield replacement(function, "condition part", slot, function.piece(value))
            if len(values) > 2:
                rest = [other for position, other in enumerate(values) if position != index]
                piece = function.piece(rest[0])
                for other in rest[1:]:
                    piece = joined(function, piece, word, other)
                yield replacement(function, "condition part", slot, piece)
            yield replacement(function, "condition part", slot, negated(function, value), 0.2)


def constant(function: Anatomy) -> Iterator[Edit]:
    """A condition that should always or never hold."""
    for slot in function.conditions:
        if not isinstance(slot.node, ast.Constant):
            weight = 0.5 if isinstance(slot.parent, ast.While) else 1.0
            yield replacement(function, "condition constant", slot, atom("True"), weight)
            yield replacement(function, "condition constant", slot, atom("False"), weight)


def chains(function: Anatomy) -> Iterator[Edit]:
    """`a < b < c` cut to one of its links, and two comparisons for a missing chain."""
    for slot in function.slots:
        match slot.node:
            case ast.Compare(left=left, ops=[_, _], comparators=[middle, right]):
                start = function.source.span(left)[0]
                first_end, middle_start = function.source.span(middle)[1], function.source.span(middle)[0]
                end = function.source.span(right)[1]
                if function.enclosed(left) or b"\n" in function.data[start:end]:
                    continue
                head = function.data[start:first_end].decode("utf-8")
                tail = function.data[middle_start:end].decode("utf-8")
                for text in (head, tail):
                    if text.count("(") == text.count(")"):
                        yield replacement(function, "condition part", slot, Piece(text, Level.COMPARE))
            case _:
                pass


def simple(function: Anatomy) -> Iterator[Edit]:
    """Another simple condition about the names that a condition already uses: emptiness, None, zero, sign, parity."""
    for slot in function.conditions:
        used = [part.id for part in ast.walk(slot.node) if isinstance(part, ast.Name)]
        names = [name for name in function.visible(slot.node) if name in used]
        for atomic, weight in unary(function, names):
            yield replacement(function, "condition", slot, atomic, weight)


def synthesis(function: Anatomy) -> Iterator[Edit]:
    """Another condition altogether, from everything in scope and every other condition of the function."""
    for slot in function.conditions:
        for atomic, weight in atoms(function, slot.node):
            yield replacement(function, "condition", slot, atomic, weight * 0.6)


def strengthened(function: Anatomy) -> Iterator[Edit]:
    """A condition that forgot a case about one name: `c and x`, `c or not xs`, the guard first where it protects."""
    yield from _extended(function, everything=False)


def combined(function: Anatomy) -> Iterator[Edit]:
    """A condition that forgot a case: any condition of two names, or of the function itself, joined to it."""
    yield from _extended(function, everything=True)


def _extended(function: Anatomy, everything: bool) -> Iterator[Edit]:
    slots = list(function.conditions)
    slots += [slot for slot in function.slots if isinstance(slot.parent, ast.BoolOp) and everything]
    returned = (slot for slot in function.slots if isinstance(slot.parent, ast.Return))
    slots += [slot for slot in returned if function.kind(slot.node) == kinds.TRUTH or isinstance(slot.node, ast.BoolOp)]
    for slot in slots:
        names = function.visible(slot.node)[: _MANY if everything else 5]
        extra = atoms(function, slot.node) if everything else unary(function, names)
        for atomic, weight in extra:
            for word in ("and", "or"):
                later = joined(function, slot.node, word, atomic)
                yield replacement(function, "condition extension", slot, later, weight)
                if atomic.text.startswith(("not ", "len(", "isinstance(")) or "<" in atomic.text:
                    earlier = joined(function, atomic, word, slot.node)
                    yield replacement(function, "condition extension", slot, earlier, weight * 0.5)


def wrapped_loops(function: Anatomy) -> Iterator[Edit]:
    """A comprehension without the filter that it needs, or with one too many."""
    for node in function.of(ast.comprehension):
        last = node.ifs[-1] if node.ifs else node.iter
        if function.enclosed(last):
            continue
        slot = Slot(last, node, "iter", Level.OR)
        names = [part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)]
        if not node.ifs:
            for atomic, weight in (*unary(function, names), *binary_atoms(function, function.visible(node.target))):
                text = f"{function.text(last, Level.OR)} if {fitted(atomic, Level.OR)}"
                yield replacement(function, "filter", slot, Piece(text, Level.OR), weight)
        elif len(node.ifs) == 1 and not function.enclosed(node.iter):
            start, end = function.source.span(node.iter)[1], function.source.span(last)[1]
            note = f"the filter {shortened(function.source.segment(last))} goes"
            yield Edit("filter", last.lineno, (spaced(function, start, end, ""),), PRIORS["filter"], note)


def unary(function: Anatomy, names: Sequence[str]) -> Iterator[tuple[Piece, float]]:
    """Conditions about one name, by its kind."""
    for name in names:
        kind = function.kinds.get(name, kinds.UNKNOWN)
        yield Piece(f"not {name}", Level.NOT), 1.0
        yield atom(name), 0.7
        for text, weight in (
            *_of_number(name, kind),
            *_of_sized(name, kind),
            *_of_text(name, kind),
            *_of_types(name, kind),
        ):
            yield Piece(text, Level.ATOM if text.endswith(")") and "==" not in text else Level.COMPARE), weight
        if not kind:
            yield Piece(f"{name} is None", Level.COMPARE), 0.6
            yield Piece(f"{name} is not None", Level.COMPARE), 0.6


def _of_number(name: str, kind: kinds.Kinds) -> Iterator[tuple[str, float]]:
    if kinds.may_be(kind, kinds.NUMBER):
        scale = 1.0 if kind else 0.5
        for text, weight in (("== 0", 0.8), ("> 0", 0.8), ("< 0", 0.7), (">= 0", 0.4), ("<= 0", 0.6), ("== 1", 0.6),
                             ("<= 1", 0.5), ("> 1", 0.5), ("< 2", 0.4), ("!= 0", 0.4), ("% 2 == 0", 0.6),
                             ("% 2 == 1", 0.6), ("% 2 != 0", 0.3)):  # fmt: skip
            yield f"{name} {text}", weight * scale


def _of_sized(name: str, kind: kinds.Kinds) -> Iterator[tuple[str, float]]:
    if kinds.may_be(kind, kinds.SIZED):
        scale = 1.0 if kind else 0.4
        for text, weight in (("== 0", 0.5), ("== 1", 0.6), ("< 2", 0.5), ("> 1", 0.4), ("% 2 == 0", 0.3)):
            yield f"len({name}) {text}", weight * scale


def _of_types(name: str, kind: kinds.Kinds) -> Iterator[tuple[str, float]]:
    if not kind:
        for held, weight in (
            ("int", 0.3),
            ("str", 0.3),
            ("list", 0.25),
            ("float", 0.15),
            ("dict", 0.15),
            ("bool", 0.1),
        ):
            yield f"isinstance({name}, {held})", weight


def _of_text(name: str, kind: kinds.Kinds) -> Iterator[tuple[str, float]]:
    if kinds.may_be(kind, kinds.TEXT):
        for method in ("isdigit", "isalpha", "isupper", "islower", "isspace", "isalnum"):
            yield f"{name}.{method}()", 0.3 if kind else 0.1


def binary_atoms(function: Anatomy, names: Sequence[str]) -> Iterator[tuple[Piece, float]]:
    """Conditions about two names, by their kinds."""
    known = {name: position for position, name in enumerate(names)}
    for first, second in permutations(names[:_MANY], 2):
        one, two = function.kinds.get(first, kinds.UNKNOWN), function.kinds.get(second, kinds.UNKNOWN)
        scale = 0.5 if one and two else 0.3
        if kinds.compatible(one, two) and known[first] < known[second]:
            for symbol, weight in (("==", 1.0), ("!=", 1.0), ("<", 0.9), (">", 0.9), ("<=", 0.7), (">=", 0.7)):
                yield Piece(f"{first} {symbol} {second}", Level.COMPARE), weight * scale
        if kinds.may_be(two, kinds.SIZED) and not (one and two and one == two != kinds.TEXT):
            yield Piece(f"{first} in {second}", Level.COMPARE), 0.8 * scale
            yield Piece(f"{first} not in {second}", Level.COMPARE), 0.8 * scale
        if kinds.may_be(one, kinds.NUMBER) and kinds.may_be(two, kinds.NUMBER) and kinds.NUMBER in (one, two):
            yield Piece(f"{first} % {second} == 0", Level.COMPARE), 0.5 * scale
        if one and two and one <= kinds.SIZED and two <= kinds.SIZED and known[first] < known[second]:
            for symbol in ("==", "!=", "<", ">"):
                yield Piece(f"len({first}) {symbol} len({second})", Level.COMPARE), 0.6 * scale
        if kinds.TEXT in (one, two) and kinds.compatible(one, two):
            yield atom(f"{first}.startswith({second})"), 0.4 * scale
        if one == kinds.NUMBER and two and two <= kinds.SIZED:
            for symbol, weight in (("<", 0.8), (">=", 0.6), (">", 0.5), ("==", 0.5)):
                yield Piece(f"{first} {symbol} len({second})", Level.COMPARE), weight * scale


def atoms(function: Anatomy, node: ast.expr | ast.stmt) -> Iterator[tuple[Piece, float]]:
    """Every small condition that can be asked at `node`: about one name, two names, or asked elsewhere."""
    names = function.visible(node)
    yield from unary(function, names[:_MANY])
    yield from binary_atoms(function, names)
    own = function.source.segment(node)
    visible, bound = set(names), set(function.locals) | set(function.parameters)
    seen = {own}
    for predicate in function.predicates:
        yield from ((atom(f"{predicate}({name})"), 0.6) for name in names[:_MANY])
    for slot in function.slots:
        if isinstance(slot.node, ast.Compare) or is_condition(slot):
            text = function.source.segment(slot.node)
            used = {part.id for part in ast.walk(slot.node) if isinstance(part, ast.Name)}
            if text not in seen and (used & bound) <= visible and not binds(slot.node):
                seen.add(text)
                yield function.piece(slot.node), 0.6
                yield negated(function, slot.node), 0.4
                yield from _renamed(function, slot.node, names[:_MANY], seen)


def _renamed(function: Anatomy, node: ast.expr, names: Sequence[str], seen: set[str]) -> Iterator[tuple[Piece, float]]:
    """The same condition about another variable, or with two of its variables exchanged."""
    text, base = function.source.segment(node), function.source.span(node)[0]
    if "\n" in text or not text.isascii() or isinstance(node, ast.BoolOp | ast.Name):
        return
    spans = [
        (function.source.span(part)[0] - base, part.id)
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and part.id not in function.free
    ]
    for start, old in spans[:4]:
        for name in names:
            other = text[:start] + name + text[start + len(old) :]
            if name != old and other not in seen:
                seen.add(other)
                yield function.piece(node)._replace(text=other), 0.25
    for (first, one), (second, two) in combinations(sorted(spans), 2):
        swapped = text[:first] + two + text[first + len(one) : second] + one + text[second + len(two) :]
        if swapped not in seen:
            seen.add(swapped)
            yield function.piece(node)._replace(text=swapped), 0.4
