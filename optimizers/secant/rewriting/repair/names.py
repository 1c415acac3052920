"""Names: the wrong variable or attribute, an expression where a variable was meant and the reverse."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from secant.rewriting.edit import Edit, Splice
from secant.rewriting.repair import kinds
from secant.rewriting.repair.anatomy import COMPREHENSIONS, Anatomy, Slot, binds
from secant.rewriting.repair.drafting import atom, binary, exchange, replacement, shortened
from secant.rewriting.repair.precedence import Level
from secant.rewriting.repair.priors import PRIORS

_LONGEST_INGREDIENT = 60


def variables(function: Anatomy) -> Iterator[Edit]:
    """The wrong variable: any other one in scope that may hold the same sort of value."""
    for slot in function.slots:
        if not isinstance(slot.node, ast.Name) or slot.field == "func":
            continue
        own, names = slot.node.id, function.visible(slot.node)
        unbound = own not in names
        if unbound and own in function.free and own not in function.undefined:
            continue  # a builtin, an import, a function
        kind = kinds.UNKNOWN if unbound else function.kinds.get(own, kinds.UNKNOWN)
        for other in names:
            known = function.kinds.get(other, kinds.UNKNOWN)
            if other == own or not kinds.compatible(kind, known):
                continue
            weight = 1.2 if unbound else 1.0 if kind and known else 0.7
            weight *= 0.4 if other in function.facts.module_values else 1.0
            yield replacement(function, "variable", slot, atom(other), weight)


def incompatible_variables(function: Anatomy) -> Iterator[Edit]:
    """The wrong variable where the kinds seem to forbid it: what is inferred from faulty text may be faulty."""
    for slot in function.slots:
        if isinstance(slot.node, ast.Name) and slot.field != "func":
            names = function.visible(slot.node)
            for other in names if slot.node.id in names else ():
                if other != slot.node.id:
                    yield replacement(function, "variable", slot, atom(other), 0.3)


def attributes(function: Anatomy) -> Iterator[Edit]:
    """The wrong attribute: another one of `self`, or another one that the function reads from the same object."""
    read: dict[str, list[str]] = {}
    for node in function.of(ast.Attribute):
        if isinstance(node.value, ast.Name) and not _is_called(function, node):
            read.setdefault(node.value.id, []).append(node.attr)
    if function.receiver:
        read.setdefault(function.receiver, []).extend(function.facts.instance_attributes)
    types = function.facts.attribute_types
    for node in function.of(ast.Attribute):
        if not isinstance(node.value, ast.Name) or _is_called(function, node):
            continue
        own = kinds.of_types(types.get(node.attr, ()))
        end = function.source.span(node)[1]
        for other in dict.fromkeys(read.get(node.value.id, ())):
            if other != node.attr and kinds.compatible(own, kinds.of_types(types.get(other, ()))):
                splice = Splice(end - len(node.attr.encode("utf-8")), end, other)
                note = f"{shortened('.' + node.attr)} becomes {shortened('.' + other)}"
                yield Edit("attribute", node.lineno, (splice,), PRIORS["attribute"], note)


def _is_called(function: Anatomy, node: ast.Attribute) -> bool:
    parent = function.parents[node]
    return isinstance(parent, ast.Call) and parent.func is node


def attribute_for_variable(function: Anatomy) -> Iterator[Edit]:
    """`x` for `self.x` and the reverse, and any attribute of `self` for a variable of the same kind."""
    receiver, known = function.receiver, set(function.facts.instance_attributes)
    if receiver is None:
        return
    for slot in function.slots:
        match slot.node:
            case ast.Name(id=name) if name != receiver and slot.field != "func":
                for other in sorted(known):
                    held = kinds.of_types(function.facts.attribute_types.get(other, ()))
                    if kinds.compatible(function.kinds.get(name, kinds.UNKNOWN), held):
                        weight = 1.0 if other.strip("_") == name.strip("_") else 0.3
                        yield replacement(function, "self attribute", slot, atom(f"{receiver}.{other}"), weight)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == receiver and slot.field != "func":
                held = kinds.of_types(function.facts.attribute_types.get(attribute, ()))
                for other in function.visible(slot.node):
                    if kinds.compatible(function.kinds.get(other, kinds.UNKNOWN), held):
                        weight = 1.0 if other.strip("_") == attribute.strip("_") else 0.3
                        yield replacement(function, "self attribute", slot, atom(other), weight)
            case _:
                pass


def constant_for_variable(function: Anatomy) -> Iterator[Edit]:
    """A constant where a variable was meant, and the reverse."""
    numbers = [node.value for node in function.of(ast.Constant) if isinstance(node.value, int)]
    literals = dict.fromkeys(
        ["0", "1", *(repr(value) for value in numbers if value is not True and value is not False)]
    )
    for slot in function.slots:
        if isinstance(slot.node, ast.Constant):
            kind = function.kind(slot.node)
            for name in function.visible(slot.node):
                known = function.kinds.get(name, kinds.UNKNOWN)
                if kinds.compatible(kind, known):
                    weight = 1.0 if kind and known else 0.5
                    yield replacement(function, "variable for constant", slot, atom(name), weight)
        elif isinstance(slot.node, ast.Name) and slot.field not in {"func", "iter"}:
            number = kinds.may_be(function.kind(slot.node), kinds.NUMBER)
            for text in literals if number and not isinstance(slot.parent, ast.Attribute) else ():
                yield replacement(function, "constant for variable", slot, atom(text), 0.6)


def forgotten_operands(function: Anatomy) -> Iterator[Edit]:
    """A constant that lost the variable beside it: `2` for `n % 2`, `1` for `n + 1`, `10` for `len(xs) // 10`."""
    for slot in function.slots:
        node = slot.node
        if not isinstance(node, ast.Constant) or function.kind(node) != kinds.NUMBER:
            continue
        for name in function.visible(node):
            known = function.kinds.get(name, kinds.UNKNOWN)
            number = kinds.may_be(known, kinds.NUMBER)
            operand = atom(name) if number else atom(f"len({name})")
            if not number and not kinds.may_be(known, kinds.SIZED):
                continue
            weight = 1.0 if known else 0.5
            for symbol, share in (("+", 1.0), ("-", 1.0), ("*", 0.8), ("%", 0.6), ("//", 0.6), ("**", 0.5), ("/", 0.3)):
                yield replacement(function, "operation", slot, binary(function, operand, symbol, node), weight * share)
            for symbol, share in (("*", 0.3), ("-", 0.3), ("**", 0.2), ("/", 0.2)):
                other = binary(function, node, symbol, operand)
                yield replacement(function, "operation", slot, other, weight * share)


def lengths(function: Anatomy) -> Iterator[Edit]:
    """A number that should be a collection's length: `n` for `len(xs)`, `0` for `len(xs) - 1`."""
    for slot in function.slots:
        if not isinstance(slot.node, ast.Name | ast.Constant) or slot.field in {"func", "iter"}:
            continue
        if not kinds.may_be(function.kind(slot.node), kinds.NUMBER):
            continue
        for name in function.visible(slot.node):
            known = function.kinds.get(name, kinds.UNKNOWN)
            if known and known <= kinds.SIZED:
                yield replacement(function, "length", slot, atom(f"len({name})"), 0.6)
                shorter = atom(f"len({name})")._replace(text=f"len({name}) - 1", level=Level.SUM)
                yield replacement(function, "length", slot, shorter, 0.4)


def expressions(function: Anatomy) -> Iterator[Edit]:
    """The right expression is somewhere else in the function: any small one of the same kind for any other."""
    ingredients: dict[str, tuple[ast.expr, kinds.Kinds]] = {}
    for slot in function.slots:
        if isinstance(slot.node, ast.Constant | ast.Name) or slot.field == "func":
            continue
        text = function.source.segment(slot.node)
        if len(text) <= _LONGEST_INGREDIENT and not binds(slot.node):
            ingredients.setdefault(text, (slot.node, function.kind(slot.node)))
    for slot in function.slots:
        if slot.field == "func" or (isinstance(slot.parent, ast.Attribute) and not isinstance(slot.node, ast.Name)):
            continue
        yield from _ingredients_for(function, slot, ingredients)


def _ingredients_for(
    function: Anatomy, slot: Slot, ingredients: dict[str, tuple[ast.expr, kinds.Kinds]]
) -> Iterator[Edit]:
    kind, visible = function.kind(slot.node), set(function.visible(slot.node))
    own, span = function.source.segment(slot.node), function.source.span(slot.node)
    bound = set(function.locals) | set(function.parameters)
    for text, (node, known) in ingredients.items():
        other = function.source.span(node)
        inside = span[0] <= other[0] and other[1] <= span[1]
        if text == own or inside or not kinds.compatible(kind, known):
            continue
        used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        if (used & bound) <= visible and used - visible <= function.free:
            weight = (1.0 if kind and known else 0.5) * (1.0 if isinstance(slot.node, ast.Name) else 0.6)
            yield replacement(function, "expression", slot, function.piece(node), weight)


def assignment_targets(function: Anatomy) -> Iterator[Edit]:
    """The value is right and went to the wrong variable; a name that is read and never bound was meant first."""
    for node in function.of(ast.Name):
        if not isinstance(node.ctx, ast.Store):
            continue
        kind = function.kinds.get(node.id, kinds.UNKNOWN)
        start, end = function.source.span(node)
        simple = isinstance(function.parents[node], ast.Assign | ast.AugAssign | ast.AnnAssign)
        wanted = [*function.undefined, *_unbound_around(function, node)]
        for other in dict.fromkeys([*wanted, *function.parameters, *function.locals]):
            missing = other in wanted
            if other == node.id:
                continue
            fits = kinds.compatible(kind, function.kinds.get(other, kinds.UNKNOWN))
            weight = 1.5 if missing else (1.0 if simple else 0.4) * (1.0 if fits else 0.3)
            note = f"assigns to {shortened(other)} instead of {shortened(node.id)}"
            yield Edit("target", node.lineno, (Splice(start, end, other),), PRIORS["target"] * weight, note)


def _unbound_around(function: Anatomy, target: ast.Name) -> list[str]:
    """Names that a comprehension reads though nothing binds them there: its target may have been meant to."""
    chain = list(function.ancestors(target))
    if not any(isinstance(parent, ast.comprehension) for parent in chain):
        return []
    whole = next(parent for parent in chain if isinstance(parent, COMPREHENSIONS))
    known = {*function.visible(whole), *function.free}
    read = [part.id for part in ast.walk(whole) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)]
    bound = {part.id for part in ast.walk(whole) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    return [name for name in dict.fromkeys(read) if name not in known and name not in bound]


def unpacking(function: Anatomy) -> Iterator[Edit]:
    """Targets or values of an unpacking in the wrong order: `b, a = f()` for `a, b = f()`."""
    for node in function.of(ast.Tuple):
        if len(node.elts) < 2 or any(isinstance(item, ast.Starred | ast.Slice) for item in node.elts):
            continue
        for first, second in pairwise(node.elts):
            yield exchange(function, "unpacking", first, second)
