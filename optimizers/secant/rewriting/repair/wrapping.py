"""Wrapping and unwrapping: a conversion, a clamp or a method that is missing, or one that should not be there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Edit
from secant.rewriting.repair import kinds
from secant.rewriting.repair.anatomy import Anatomy, Piece, Slot, binds
from secant.rewriting.repair.drafting import atom, binary, called, followed, replacement
from secant.rewriting.repair.precedence import Level

_FUNCTIONS: tuple[tuple[str, kinds.Kinds, float], ...] = (
    ("len", kinds.SIZED, 0.8),
    ("sorted", kinds.SIZED, 0.8),
    ("set", kinds.SIZED - kinds.MAPPING, 0.8),
    ("list", kinds.SIZED, 0.8),
    ("reversed", kinds.SEQUENCE | kinds.TEXT, 0.4),
    ("sum", kinds.SEQUENCE, 0.5),
    ("max", kinds.SIZED, 0.4),
    ("min", kinds.SIZED, 0.4),
    ("tuple", kinds.SEQUENCE | kinds.GROUP, 0.5),
    ("enumerate", kinds.SEQUENCE | kinds.TEXT, 0.3),
    ("abs", kinds.NUMBER, 1.0),
    ("int", kinds.NUMBER | kinds.TEXT, 0.9),
    ("float", kinds.NUMBER | kinds.TEXT, 0.5),
    ("str", kinds.NUMBER | kinds.SEQUENCE, 0.7),
    ("round", kinds.NUMBER, 0.4),
    ("bool", kinds.NUMBER | kinds.SIZED, 0.2),
    ("ord", kinds.TEXT, 0.3),
    ("range", kinds.NUMBER, 0.3),
)
_METHODS: tuple[tuple[str, kinds.Kinds, float], ...] = (
    (".strip()", kinds.TEXT, 0.8),
    (".lower()", kinds.TEXT, 0.9),
    (".upper()", kinds.TEXT, 0.5),
    (".split()", kinds.TEXT, 0.5),
    (".split(' ')", kinds.TEXT, 0.2),
    (".split(',')", kinds.TEXT, 0.2),
    (".copy()", kinds.SEQUENCE | kinds.MAPPING | kinds.GROUP, 0.6),
    (".items()", kinds.MAPPING, 0.7),
    (".values()", kinds.MAPPING, 0.6),
    (".keys()", kinds.MAPPING, 0.3),
    (".title()", kinds.TEXT, 0.1),
    (".capitalize()", kinds.TEXT, 0.1),
    (".swapcase()", kinds.TEXT, 0.1),
    (".rstrip()", kinds.TEXT, 0.2),
    (".lstrip()", kinds.TEXT, 0.2),
)
_RESULTS = ast.Return | ast.Assign | ast.Tuple | ast.AugAssign | ast.GeneratorExp | ast.ListComp
_LONGEST_TERM = 40
_MANY_TERMS = 40
_ARITHMETIC = (
    *(("*", "-1", 0.4), ("*", "2", 0.4), ("*", "10", 0.1), ("*", "100", 0.1)),
    *(("//", "2", 0.4), ("//", "10", 0.2), ("/", "2", 0.3), ("/", "100", 0.1)),
    *(("%", "2", 0.2), ("%", "10", 0.2), ("**", "2", 0.3), ("**", "3", 0.1), ("**", "0.5", 0.1)),
    *(("+", "1", 0.5), ("-", "1", 0.5), ("+", "2", 0.15), ("-", "2", 0.15)),
)


def unwrapping(function: Anatomy) -> Iterator[Edit]:
    """An operation too many: a call for its argument, an operator for one of its sides, an `if` for a branch."""
    for slot in function.slots:
        match slot.node:
            case ast.Call(func=func, args=arguments):
                for argument in arguments:
                    if not isinstance(argument, ast.Starred):
                        yield replacement(function, "unwrap", slot, function.piece(argument), 0.8)
                if isinstance(func, ast.Attribute):
                    yield replacement(function, "unwrap", slot, function.piece(func.value), 0.8)
                if not arguments and slot.field != "func":
                    yield replacement(function, "unwrap", slot, function.piece(func), 0.15)
            case ast.BinOp(left=left, right=right):
                simple = isinstance(right, ast.Constant)
                yield replacement(function, "unwrap", slot, function.piece(left), 1.0 if simple else 0.6)
                yield replacement(function, "unwrap", slot, function.piece(right), 0.5)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                yield replacement(function, "branch", slot, function.piece(body))
                yield replacement(function, "branch", slot, function.piece(orelse))
                text = (
                    f"{function.text(orelse, Level.OR)} if {function.text(test, Level.OR)} else {function.text(body)}"
                )
                yield replacement(function, "branch", slot, Piece(text, Level.TEST), 0.8)
            case ast.Attribute(value=value) if slot.field != "func" and not isinstance(value, ast.Name):
                yield replacement(function, "unwrap", slot, function.piece(value), 0.4)
            case ast.List(elts=[single]) | ast.Tuple(elts=[single]) if not isinstance(single, ast.Starred):
                yield replacement(function, "unwrap", slot, function.piece(single), 0.6)
            case _:
                pass


def wraps(function: Anatomy) -> Iterator[Edit]:
    """A conversion, an absolute value, a length or a method that is missing, where a value is used or returned."""
    for slot in function.slots:
        weight = _weight(slot)
        if weight and not isinstance(slot.node, ast.Constant):
            yield from _wrapped(function, slot, weight, sure=True)


def all_wraps(function: Anatomy) -> Iterator[Edit]:
    """The same on every expression, also where its kind is unknown, with clamps, brackets and small arithmetic."""
    for slot in function.slots:
        if slot.field == "func":
            continue
        weight = _weight(slot) or 0.3
        yield from _wrapped(function, slot, weight * 0.8, sure=False)
        yield from _arithmetic(function, slot, weight)
        node = slot.node
        yield replacement(function, "wrap", slot, atom(f"[{function.text(node)}]"), 0.4 * weight)
        yield replacement(function, "wrap", slot, atom(f"({function.text(node)},)"), 0.15 * weight)
        yield replacement(function, "wrap", slot, atom(f"{{{function.text(node)}}}"), 0.05 * weight)


def _weight(slot: Slot) -> float:
    match slot.parent:
        case ast.Return() | ast.For() | ast.comprehension():
            return 1.0
        case ast.Assign() | ast.Call() | ast.Compare() | ast.IfExp() | ast.GeneratorExp() | ast.ListComp():
            return 0.7 if slot.field != "func" else 0.0
        case ast.AugAssign() | ast.DictComp() | ast.SetComp() | ast.Tuple() | ast.keyword():
            return 0.6
        case _:
            return 0.0


def _wrapped(function: Anatomy, slot: Slot, weight: float, sure: bool) -> Iterator[Edit]:
    node, kind = slot.node, function.kind(slot.node)
    share = 1.0 if kind else 0.35
    outer = slot.parent.func if isinstance(slot.parent, ast.Call) else None
    around = outer.id if isinstance(outer, ast.Name) else ""
    inner = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    for name, wanted, prior in _FUNCTIONS:
        if name in {around, inner} or not kinds.may_be(kind, wanted) or (sure and not kind and prior < 0.7):
            continue
        yield replacement(function, "wrap", slot, called(function, name, node), prior * weight * share)
    for suffix, wanted, prior in _METHODS:
        if kinds.may_be(kind, wanted) and (not sure or kind):
            yield replacement(function, "wrap", slot, followed(function, node, suffix), prior * weight * share)


def _arithmetic(function: Anatomy, slot: Slot, weight: float) -> Iterator[Edit]:
    node, kind = slot.node, function.kind(slot.node)
    if not kinds.may_be(kind, kinds.NUMBER):
        return
    weight *= 1.0 if kind else 0.4
    for name, other, prior in (("max", "0", 0.8), ("min", "0", 0.2), ("max", "1", 0.4)):
        yield replacement(function, "wrap", slot, called(function, name, atom(other), node), prior * weight)
    yield replacement(function, "wrap", slot, followed(function, called(function, "str", node), "[0]"), 0.02)
    for symbol, number, prior in _ARITHMETIC:
        yield replacement(function, "wrap", slot, binary(function, node, symbol, atom(number)), prior * weight)


def own_functions(function: Anatomy) -> Iterator[Edit]:
    """A call of one of the project's own functions that is missing: `x` for `normalize(x)`."""
    names = dict.fromkeys([*function.predicates, *function.facts.module_functions])
    for slot in function.slots:
        if slot.field == "func" or isinstance(slot.parent, ast.Attribute):
            continue
        for name in names:
            if len(function.facts.module_functions.get(name, "x")) == 1:
                weight = (_weight(slot) or 0.5) * (0.6 if isinstance(slot.node, ast.Constant) else 1.0)
                yield replacement(function, "wrap", slot, called(function, name, slot.node), weight)


def forgotten_terms(function: Anatomy) -> Iterator[Edit]:
    """A term or factor that is missing and stands elsewhere in the function: `n` for `n - sum(xs)`."""
    ingredients: dict[str, ast.expr] = {}
    for slot in function.slots:
        text_constant = isinstance(slot.node, ast.Constant) and isinstance(slot.node.value, str)
        compound = isinstance(slot.node, ast.Call | ast.Subscript | ast.Attribute | ast.BinOp)
        if (compound or text_constant) and slot.field != "func":
            text = function.source.segment(slot.node)
            if len(text) < _LONGEST_TERM and "\n" not in text and not binds(slot.node):
                ingredients.setdefault(text, slot.node)
    for slot in function.slots:
        weight, kind = _weight(slot), function.kind(slot.node)
        if not weight or slot.field == "iter" or not kinds.may_be(kind, kinds.NUMBER | kinds.SEQUENCE | kinds.TEXT):
            continue
        visible = set(function.visible(slot.node)) | function.free
        for text, node in list(ingredients.items())[:_MANY_TERMS]:
            names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            if (
                names <= visible
                and kinds.compatible(kind, function.kind(node))
                and text not in function.source.segment(slot.node)
            ):
                known = 1.0 if kind and function.kind(node) else 0.5
                for symbol in ("+", "-", "*") if kinds.may_be(kind, kinds.NUMBER) else ("+",):
                    pieces = [binary(function, slot.node, symbol, node)]
                    pieces += [binary(function, node, symbol, slot.node)] if symbol != "*" else []
                    for piece in pieces:
                        yield replacement(function, "operation", slot, piece, 0.6 * weight * known)


def fallbacks(function: Anatomy) -> Iterator[Edit]:
    """A value that needs a case of its own: `max(xs)` for `max(xs) if xs else None`."""
    for slot in function.slots:
        if not isinstance(slot.parent, _RESULTS):
            continue
        if isinstance(slot.node, ast.Name | ast.Constant | ast.IfExp) and not isinstance(slot.parent, ast.Return):
            continue
        used = {part.id for part in ast.walk(slot.node) if isinstance(part, ast.Name)}
        names = [name for name in function.visible(slot.node) if name in used]
        for name in names:
            kind = function.kinds.get(name, kinds.UNKNOWN)
            tests = [name, f"{name} is not None"] if not kind else [name]
            tests += [f"{name} > 0"] if kind == kinds.NUMBER else []
            for test in tests:
                for other in ("None", "0", "[]", "''", "False", "-1", name):
                    text = f"{function.text(slot.node, Level.OR)} if {test} else {other}"
                    yield replacement(function, "fallback", slot, Piece(text, Level.TEST))


def operations(function: Anatomy) -> Iterator[Edit]:
    """An operation with a variable that is missing: `. % m`, `. + carry`, `. * i`, `. - start`, `min(., limit)`."""
    for slot in function.slots:
        kind = function.kind(slot.node)
        if slot.field == "func" or isinstance(slot.parent, ast.Attribute):
            continue
        names = [name for name in function.visible(slot.node) if name not in function.facts.module_classes]
        for name in names:
            known = function.kinds.get(name, kinds.UNKNOWN)
            if not kinds.compatible(kind, known) or (isinstance(slot.node, ast.Name) and slot.node.id == name):
                continue
            weight = (1.0 if kind and known else 0.5) * (_weight(slot) or 0.5)
            number = kinds.may_be(kind, kinds.NUMBER) and kinds.may_be(known, kinds.NUMBER)
            symbols = ("+", "-", "*", "%", "//", "/") if number else ("+",)
            for symbol in symbols:
                yield replacement(function, "operation", slot, binary(function, slot.node, symbol, atom(name)), weight)
            if "-" in symbols or kind & (kinds.TEXT | kinds.SEQUENCE):
                for symbol in ("-", "+"):
                    if symbol in symbols:
                        other = binary(function, atom(name), symbol, slot.node)
                        yield replacement(function, "operation", slot, other, weight * 0.6)
            if number:
                for clamp in ("min", "max"):
                    yield replacement(function, "operation", slot,
                                      called(function, clamp, slot.node, atom(name)), weight * 0.5)  # fmt: skip


def lookups(function: Anatomy) -> Iterator[Edit]:
    """An index that should have been looked up: `i` for `xs[i]`, a key for `d[key]`."""
    for slot in function.slots:
        if slot.field == "func" or not isinstance(slot.node, ast.Name) or isinstance(slot.parent, ast.Attribute):
            continue
        for name in function.visible(slot.node):
            known = function.kinds.get(name, kinds.UNKNOWN)
            kind = function.kind(slot.node)
            if name == slot.node.id or not known or known <= kinds.GROUP | kinds.NUMBER | kinds.TRUTH:
                continue
            if kind == kinds.NUMBER or known == kinds.MAPPING or not kind:
                weight = 1.0 if kind else 0.4
                yield replacement(function, "lookup", slot, atom(f"{name}[{slot.node.id}]"), weight)


def comprehensions(function: Anatomy) -> Iterator[Edit]:
    """A collection of the wrong sort: a list where a set or a generator was meant, and the reverse."""
    for slot in function.slots:
        node = slot.node
        if not isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            continue
        text = function.source.segment(node)
        if text[:1] not in "[{(":
            continue
        for name, opening, closing in (("list", "[", "]"), ("set", "{", "}")):
            if text[0] != opening:
                piece = atom(opening + text[1:-1] + closing)
                yield replacement(function, "comprehension", slot, piece, 1.0 if name == "set" else 0.7)
