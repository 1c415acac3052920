"""Slices: a bound that is missing, superfluous or wrong, a direction, a slice where there is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Edit
from secant.rewriting.repair import kinds
from secant.rewriting.repair.anatomy import Anatomy, Slot
from secant.rewriting.repair.drafting import atom, binary, exchange, followed, replacement
from secant.rewriting.repair.precedence import Level

_INSERTED = (("[1:]", 1.0), ("[:-1]", 1.0), ("[::-1]", 0.9), ("[:]", 0.5), ("[0]", 0.6), ("[-1]", 0.6), ("[1]", 0.3),
             ("[::2]", 0.4), ("[1::2]", 0.3), ("[2:]", 0.2), ("[1:-1]", 0.3), ("[:1]", 0.15))  # fmt: skip


def indices(function: Anatomy) -> Iterator[Edit]:
    """An index at the wrong end or in the wrong order: `xs[0]` for `xs[-1]`, `m[i][j]` for `m[j][i]`, one too many."""
    for node in function.of(ast.Subscript):
        if isinstance(node.slice, ast.Slice | ast.Tuple):
            continue
        slot = Slot(node.slice, node, "slice", Level.TEST)
        for text, weight in (("0", 0.6), ("-1", 0.6), ("1", 0.4), ("-2", 0.2)):
            if text != function.source.segment(node.slice):
                yield replacement(function, "index", slot, atom(text), weight)
        if not isinstance(node.slice, ast.Constant | ast.UnaryOp):
            yield replacement(function, "index", slot, binary(function, atom("-1"), "-", node.slice), 0.4)
            if isinstance(node.value, ast.Name):
                length = binary(function, atom(f"len({node.value.id})"), "-", atom("1"))
                yield replacement(function, "index", slot, binary(function, length, "-", node.slice), 0.4)
        if isinstance(node.value, ast.Subscript) and not isinstance(node.value.slice, ast.Slice | ast.Tuple):
            yield exchange(function, "index swap", node.value.slice, node.slice)
    for slot in function.slots:
        if isinstance(slot.node, ast.Subscript) and not isinstance(slot.node.slice, ast.Slice | ast.Tuple):
            yield replacement(function, "unwrap", slot, function.piece(slot.node.value), 0.5)


def insertion(function: Anatomy) -> Iterator[Edit]:
    """A slice or an index that was forgotten: `xs` for `xs[1:]`, `xs[:-1]`, `xs[::-1]` or `xs[0]`."""
    for slot in function.slots:
        node = slot.node
        if not isinstance(node, ast.Name | ast.Attribute | ast.Call) or slot.field == "func":
            continue
        kind = function.kind(node)
        if not kinds.may_be(kind, kinds.TEXT | kinds.SEQUENCE) or isinstance(slot.parent, ast.Attribute):
            continue
        weight = (1.0 if kind else 0.4) * (0.5 if isinstance(node, ast.Call) else 1.0)
        for suffix, share in _INSERTED:
            yield replacement(function, "slice insertion", slot, followed(function, node, suffix), weight * share)


def forgotten_indices(function: Anatomy) -> Iterator[Edit]:
    """An index that is missing and stands elsewhere on the same name: `xs` for `xs[i]`, `m[j]` for `m[i][j]`."""
    written = _indices_of(function)
    used = {
        part.id for node in function.of(ast.Subscript) for part in ast.walk(node.slice) if isinstance(part, ast.Name)
    }
    for slot in function.slots:
        node = slot.node
        if (
            not isinstance(node, ast.Name | ast.Subscript)
            or slot.field == "func"
            or isinstance(slot.parent, ast.Attribute)
        ):
            continue
        known, visible = written.get(function.source.segment(node), []), function.visible(node)
        numbers = [name for name in visible if function.kinds.get(name) == kinds.NUMBER or name in used]
        if function.kind(node) == kinds.MAPPING:
            numbers = [name for name in visible if name != function.source.segment(node)]
        if kinds.may_be(function.kind(node), kinds.SIZED - kinds.GROUP):
            for text in dict.fromkeys([*known, *numbers]):
                piece = followed(function, node, f"[{text}]")
                yield replacement(function, "forgotten index", slot, piece, 1.0 if text in known else 0.4)
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice | ast.Tuple):
            tail = f"[{function.text(node.slice)}]"
            for text in (text for name in numbers for text in (name, f"{name} + 1", f"{name} - 1")):
                piece = followed(function, node.value, f"[{text}]{tail}")
                yield replacement(function, "forgotten index", slot, piece, 0.4)


def _indices_of(function: Anatomy) -> dict[str, list[str]]:
    """Indexed expressions to their indices in the function, and the neighbours of constant ones."""
    written: dict[str, list[str]] = {}
    for node in function.of(ast.Subscript):
        if isinstance(node.slice, ast.Slice | ast.Tuple):
            continue
        found = written.setdefault(function.source.segment(node.value), [])
        found.append(function.text(node.slice))
        match node.slice:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
                found += [str(-value - 1), str(-value + 1)]
            case ast.Constant(value=int(value)):
                found += [str(value + 1), str(value - 1)]
            case _:
                pass
    return written


def bounds(function: Anatomy) -> Iterator[Edit]:
    """A bound of a slice that is missing or too much, the bounds swapped, the step's sign."""
    for slot in function.slots:
        if not isinstance(slot.node, ast.Subscript) or not isinstance(slot.node.slice, ast.Slice):
            continue
        cut = slot.node.slice
        lower, upper, step = (function.text(part) if part else "" for part in (cut.lower, cut.upper, cut.step))
        for first, last, stride, weight in _variants(lower, upper, step):
            text = f"[{first}:{last}{':' + stride if stride else ''}]"
            yield replacement(function, "slice bound", slot, followed(function, slot.node.value, text), weight)
        yield replacement(function, "unwrap", slot, function.piece(slot.node.value), 0.7)


def _variants(lower: str, upper: str, step: str) -> Iterator[tuple[str, str, str, float]]:
    if lower:
        yield "", upper, step, 0.6
        yield "", lower, step, 0.7 if not upper else 0.2
    else:
        yield from (("1", upper, step, 0.5), ("2", upper, step, 0.2), ("-1", upper, step, 0.1))
    if upper:
        yield lower, "", step, 0.6
        yield upper, "", step, 0.7 if not lower else 0.2
    else:
        yield from ((lower, "-1", step, 0.5), (lower, "1", step, 0.2), (lower, "-2", step, 0.1))
    if lower and upper:
        yield upper, lower, step, 0.4
    if step:
        yield lower, upper, "", 0.6
        yield lower, upper, step[1:] if step.startswith("-") else f"-{step}" if step[:1].isdigit() else step, 0.6
    else:
        yield from ((lower, upper, "-1", 0.5), (lower, upper, "2", 0.2))


def shifts(function: Anatomy) -> Iterator[Edit]:
    """A bound that stands where an index should or the reverse: `xs[i]` for `xs[i:]`, `xs[:i]` for `xs[i]`."""
    for slot in function.slots:
        node = slot.node
        if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Tuple):
            continue
        if isinstance(node.slice, ast.Slice):
            for bound in filter(None, (node.slice.lower, node.slice.upper)):
                yield replacement(function, "slice to index", slot,
                                  followed(function, node.value, f"[{function.text(bound)}]"))  # fmt: skip
        elif kinds.may_be(function.kind(node.value), kinds.TEXT | kinds.SEQUENCE):
            index = function.text(node.slice)
            for text in (f"[{index}:]", f"[:{index}]", f"[:{index} + 1]"):
                yield replacement(function, "slice to index", slot, followed(function, node.value, text), 0.7)


def windows(function: Anatomy) -> Iterator[Edit]:
    """A bound made of a variable: `xs[i:]`, `xs[:k]` where the whole was used."""
    for slot in function.slots:
        if not isinstance(slot.node, ast.Name) or slot.field == "func" or isinstance(slot.parent, ast.Attribute):
            continue
        if not kinds.may_be(function.kind(slot.node), kinds.TEXT | kinds.SEQUENCE):
            continue
        for name in function.visible(slot.node):
            if name != slot.node.id and function.kinds.get(name) == kinds.NUMBER:
                for text in (f"[{name}:]", f"[:{name}]", f"[{name}]", f"[{name} + 1:]", f"[:{name} + 1]"):
                    yield replacement(function, "slice window", slot, followed(function, slot.node, text))


def index_variables(function: Anatomy) -> Iterator[Edit]:
    """A slice bound that should be another variable or one off from it, where the bound was left out."""
    for slot in function.slots:
        if not isinstance(slot.node, ast.Subscript) or not isinstance(slot.node.slice, ast.Slice):
            continue
        cut = slot.node.slice
        lower, upper = (function.text(part) if part else "" for part in (cut.lower, cut.upper))
        holder = Slot(slot.node, slot.parent, slot.field, Level(slot.need))
        for name in function.visible(slot.node):
            if function.kinds.get(name) != kinds.NUMBER or cut.step is not None:
                continue
            for bound in (name, f"{name} + 1"):
                if not lower:
                    yield replacement(function, "slice window", holder,
                                      followed(function, slot.node.value, f"[{bound}:{upper}]"))  # fmt: skip
                if not upper:
                    yield replacement(function, "slice window", holder,
                                      followed(function, slot.node.value, f"[{lower}:{bound}]"))  # fmt: skip
