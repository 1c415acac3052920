"""Constants: the wrong number, truth value, string or start value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase, digits

from secant.rewriting.edit import Edit
from secant.rewriting.repair import kinds
from secant.rewriting.repair.anatomy import Anatomy, Slot
from secant.rewriting.repair.drafting import atom, binary, replacement
from secant.rewriting.repair.precedence import Level

_INITIAL = ("0", "1", "-1", "None", "[]", "''", "{}", "set()", "True", "False", "float('inf')", "float('-inf')")
_EMPTY = {"list": "[]", "dict": "{}", "set": "set()", "tuple": "()", "str": "''"}
_MARKS = " .,:;!?-_/|+*=()[]{}<>#$%&@'\"\n"
_SEPARATORS = ("", " ", "\n", ",", ", ")


def numbers(function: Anatomy) -> Iterator[Edit]:
    """A number that is one off, has the wrong sign or magnitude, or is another number of the function."""
    others = _numbers_of(function)
    for slot in function.slots:
        value = slot.node.value if isinstance(slot.node, ast.Constant) else None
        if not isinstance(value, int | float) or not _is_number(value):
            continue
        signed = isinstance(slot.parent, ast.UnaryOp) and isinstance(slot.parent.op, ast.USub)
        for text, weight in _neighbours(value, [*others, *_beside(slot)]):
            if not (signed and text.startswith("-")):
                yield replacement(function, "number", slot, atom(text), weight)


def _neighbours(value: int | float, others: list[int | float]) -> Iterator[tuple[str, float]]:
    """Numbers that may have been meant, the likeliest first."""
    found: dict[int | float, float] = {value + 1: 1.0, value - 1: 1.0}
    likely = ((0, 0.7), (1, 0.7), (2, 0.5), (-1, 0.4), (3, 0.15), (10, 0.15), (0.5, 0.1), (100, 0.1), (1000, 0.1))
    for other, weight in (*likely, *((other, 0.35) for other in others), *_scaled(value)):
        found.setdefault(other, weight)
    for other, weight in found.items():
        text = repr(other)
        if other != value and "e" not in text and "inf" not in text and "nan" not in text and len(text) < 24:
            yield text, weight


def _scaled(value: int | float) -> Iterator[tuple[int | float, float]]:
    """The same number with another sign, magnitude or step."""
    if value:
        yield from ((-value, 0.3), (value * 2, 0.25), (value // 2, 0.25), (value * 10, 0.25), (value // 10, 0.25))
        yield from ((value + 2, 0.2), (value - 2, 0.2), (value * value, 0.1))
    if isinstance(value, float):
        yield from ((other, 0.15) for other in (value + 0.5, value - 0.5, value / 2, value / 10))
    elif abs(value) > 9:
        yield from ((value + step, 0.08) for step in (10, -10, 5, -5, 3, -3))


def _beside(slot: Slot) -> Iterator[int | float]:
    """Numbers next to those of the same table or list: the one that is missing in a row."""
    match slot.parent:
        case ast.List(elts=row) | ast.Tuple(elts=row) | ast.Set(elts=row):
            pass
        case ast.Dict(keys=keys, values=values):
            row = [item for item in (keys if slot.field == "keys" else values) if item is not None]
        case _:
            return
    for item in row:
        if isinstance(item, ast.Constant) and isinstance(item.value, int | float):
            yield from (item.value + 1, item.value - 1)


def _numbers_of(function: Anatomy) -> list[int | float]:
    values = [node.value for node in function.of(ast.Constant) if _is_number(node.value)]
    return list(dict.fromkeys(value for value in values if isinstance(value, int | float)))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def truths(function: Anatomy) -> Iterator[Edit]:
    """`True` for `False`."""
    for slot in function.slots:
        if isinstance(slot.node, ast.Constant) and isinstance(slot.node.value, bool):
            yield replacement(function, "truth", slot, atom(str(not slot.node.value)))
            yield replacement(function, "truth", slot, atom("None"), 0.15)


def empty_values(function: Anatomy) -> Iterator[Edit]:
    """`None` for an empty value and the reverse, an empty collection of the wrong type, a number for either."""
    for slot in function.slots:
        for text, weight in _other_empties(function, slot):
            if text != function.source.segment(slot.node).replace('"', "'"):
                yield replacement(function, "empty value", slot, atom(text), weight)


def _other_empties(function: Anatomy, slot: Slot) -> Iterator[tuple[str, float]]:
    match slot.node:
        case ast.Constant(value=None):
            yield from (("0", 0.4), ("[]", 0.4), ("False", 0.4), ("''", 0.3), ("-1", 0.3), ("True", 0.2))
            yield from ((text, 0.2) for text in ("{}", "set()", "()", "1", "float('inf')", "float('-inf')"))
        case ast.List(elts=[]) | ast.Dict(keys=[]) | ast.Tuple(elts=[]) | ast.Constant(value=""):
            yield from ((text, 0.3) for text in (*_EMPTY.values(), "None", "0"))
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]) if name in _EMPTY:
            yield from ((text, 0.3) for other, text in _EMPTY.items() if other != name)
        case ast.Constant() if isinstance(slot.parent, ast.Return | ast.Assign) and function.kind(slot.node):
            yield from ((text, 0.2) for text in ("None", "False", "True", "[]", "''"))
        case _:
            pass


def start_values(function: Anatomy) -> Iterator[Edit]:
    """An accumulator that starts from the wrong value: 0 for 1, `[]` for the first element, an infinity."""
    for slot in function.slots:
        if not isinstance(slot.parent, ast.Assign) or slot.field != "value" or not _is_start(slot.node):
            continue
        for text in _INITIAL:
            yield replacement(function, "start value", slot, atom(text), 0.5)
        for name in function.visible(slot.node):
            known = function.kinds.get(name, kinds.UNKNOWN)
            if kinds.may_be(known, kinds.TEXT | kinds.SEQUENCE):
                yield replacement(function, "start value", slot, atom(f"{name}[0]"), 0.5)
                yield replacement(function, "start value", slot, atom(f"[{name}[0]]"), 0.2)
            if kinds.may_be(known, kinds.SIZED):
                yield replacement(function, "start value", slot, atom(f"len({name})"), 0.3)
            yield replacement(function, "start value", slot, atom(name), 0.4)
            yield replacement(function, "start value", slot, atom(f"[{name}]"), 0.15)


def _is_start(node: ast.expr) -> bool:
    simple = isinstance(node, ast.Constant) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    )
    empty = isinstance(node, ast.List | ast.Dict | ast.Tuple) and not list(ast.iter_child_nodes(node))[1:]
    infinity = isinstance(node, ast.Call) and all(isinstance(argument, ast.Constant) for argument in node.args)
    first = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
    return simple or empty or infinity or first


def strings(function: Anatomy) -> Iterator[Edit]:
    """The wrong string: its case, surrounding space, a separator, another string of the function, a letter too few."""
    texts = [node.value for node in function.of(ast.Constant) if isinstance(node.value, str)]
    for slot in function.slots:
        if not isinstance(slot.node, ast.Constant) or not isinstance(slot.node.value, str):
            continue
        value = slot.node.value
        found: dict[str, float] = dict.fromkeys(texts, 0.8)
        variants = (value.lower(), value.upper(), value.capitalize(), value.title(), value.swapcase(), value.strip())
        for other in (*variants, value + " ", " " + value, value[1:], value[:-1], value[::-1], value + "\n"):
            found.setdefault(other, 0.5)
        for other in _SEPARATORS:
            found.setdefault(other, 0.6 if len(value) <= 2 else 0.2)
        if len(value) < 13:  # letters, vowels, brackets: an alphabet with one letter less or twice
            for index in range(1, len(value) - 1):
                found.setdefault(value[:index] + value[index + 1 :], 0.15)
        if value.islower() or value.isupper():
            found.setdefault(value + value.swapcase(), 0.3)
        for other, weight in found.items():
            if other != value and len(other) < 200:
                yield replacement(function, "string", slot, atom(repr(other)), weight)


def letters(function: Anatomy) -> Iterator[Edit]:
    """A short string with the wrong letter, or with one missing at its start or end."""
    for slot in function.slots:
        if not isinstance(slot.node, ast.Constant) or not isinstance(slot.node.value, str):
            continue
        value = slot.node.value
        alphabet = ascii_uppercase if value.isupper() else digits if value.isdigit() else ascii_lowercase
        if value and not value.isalnum():
            alphabet = _MARKS
        if len(value) <= 1:
            alphabet = ascii_lowercase + ascii_uppercase + digits + _MARKS
        beside = isinstance(slot.parent, ast.List | ast.Tuple | ast.Set) and len(value) <= 1
        for letter in alphabet if len(value) < 10 else "":
            if len(value) <= 1:
                yield replacement(function, "letter", slot, atom(repr(letter)), 3.0 if beside else 1.0)
            for other in dict.fromkeys((value + letter, letter + value)):
                yield replacement(function, "letter", slot, atom(repr(other)), 0.5)


def off_by_one(function: Anatomy) -> Iterator[Edit]:
    """An index, bound, operand or result that is one too small or too large."""
    for slot in function.slots:
        node = slot.node
        if isinstance(node, ast.Constant) or slot.field in {"func", "iter"} or _shifted(node):
            continue
        kind = function.kind(node)
        if not kinds.may_be(kind, kinds.NUMBER) or (slot.field == "value" and slot.need == Level.ATOM):
            continue
        weight = _shift_weight(slot) * (1.0 if kind else 0.6)
        if weight:
            yield replacement(function, "off by one", slot, binary(function, node, "+", atom("1")), weight)
            yield replacement(function, "off by one", slot, binary(function, node, "-", atom("1")), weight)


def _shifted(node: ast.expr) -> bool:
    """Whether a constant is already added: the number's own operator changes that one."""
    return (
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and isinstance(node.right, ast.Constant)
    )


def _shift_weight(slot: Slot) -> float:
    """How often a value in that position is one off."""
    weight = 0.0
    match slot.parent:
        case ast.Slice() | ast.Call(func=ast.Name(id="range")):
            weight = 1.0
        case ast.Subscript() if slot.field == "slice":
            weight = 1.0
        case ast.Compare() | ast.Return():
            weight = 0.6
        case ast.Assign() | ast.AugAssign() | ast.Call():
            weight = 0.4
        case ast.BinOp() | ast.IfExp() | ast.Tuple() | ast.List():
            weight = 0.2
        case _:
            pass
    return weight
