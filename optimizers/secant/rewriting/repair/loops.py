"""Loops: the wrong range, direction, start or collection."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Edit
from secant.rewriting.repair import kinds, layout
from secant.rewriting.repair.anatomy import Anatomy, Piece
from secant.rewriting.repair.drafting import atom, binary, called, followed, keyword, replacement
from secant.rewriting.repair.precedence import Level


def ranges(function: Anatomy) -> Iterator[Edit]:
    """A `range` with the wrong start, stop, step or direction."""
    for slot in function.slots:
        match slot.node:
            case ast.Call(func=ast.Name(id="range"), args=[stop], keywords=[]) if not isinstance(stop, ast.Starred):
                for start in ("1", "2", "-1"):
                    piece = called(function, "range", atom(start), stop)
                    yield replacement(function, "range", slot, piece, 1.0 if start == "1" else 0.3)
                one_more = called(function, "range", atom("1"), binary(function, stop, "+", atom("1")))
                yield replacement(function, "range", slot, one_more, 0.7)
                for shift in ("-2", "+2"):
                    moved = binary(function, stop, shift[0], atom("2"))
                    yield replacement(function, "range", slot, called(function, "range", moved), 0.15)
                yield replacement(function, "range", slot, called(function, "range", atom("0"), stop, atom("2")), 0.4)
                last = binary(function, stop, "-", atom("1"))
                downward = called(function, "range", last, atom("-1"), atom("-1"))
                yield replacement(function, "range", slot, downward, 0.5)
                yield replacement(function, "range", slot, called(function, "range", stop, atom("0"), atom("-1")), 0.4)
                for name in function.visible(slot.node):
                    if function.kinds.get(name) == kinds.NUMBER:
                        yield replacement(function, "range", slot, called(function, "range", atom(name), stop), 0.4)
                        after = binary(function, atom(name), "+", atom("1"))
                        yield replacement(function, "range", slot, called(function, "range", after, stop), 0.5)
            case ast.Call(func=ast.Name(id="range"), args=[start, stop], keywords=[]):
                yield replacement(function, "range", slot, called(function, "range", stop), 0.6)
                yield replacement(function, "range", slot, called(function, "range", start), 0.2)
                for step in ("2", "-1"):
                    piece = called(function, "range", start, stop, atom(step))
                    yield replacement(function, "range", slot, piece, 0.5)
                wide = called(function, "range", start, binary(function, stop, "+", atom("1")))
                both = binary(function, start, "+", atom("1"))
                wider = called(function, "range", both, binary(function, stop, "+", atom("1")))
                yield replacement(function, "range", slot, wide, 0.7)
                yield replacement(function, "range", slot, wider, 0.4)
            case ast.Call(func=ast.Name(id="range"), args=[start, stop, _], keywords=[]):
                yield replacement(function, "range", slot, called(function, "range", start, stop), 0.6)
                yield replacement(function, "range", slot, called(function, "range", stop, start, atom("-1")), 0.4)
            case _:
                pass


def stops(function: Anatomy) -> Iterator[Edit]:
    """A `range` that lost its stop: `range(2)` for `range(2, n + 1)` or `range(2, len(xs))`."""
    for slot in function.slots:
        match slot.node:
            case ast.Call(func=ast.Name(id="range"), args=[start], keywords=[]) if not isinstance(start, ast.Starred):
                for name in function.visible(slot.node):
                    known = function.kinds.get(name, kinds.UNKNOWN)
                    limits = [f"{name} + 1", f"{name} - 1", f"int({name} ** 0.5) + 1", f"{name} // 2"]
                    limits = limits if kinds.may_be(known, kinds.NUMBER) else []
                    limits += [f"len({name})", f"len({name}) - 1"] if kinds.may_be(known, kinds.SIZED) else []
                    for limit in limits:
                        stop = Piece(limit, Level.SUM)
                        weight = 0.6 if isinstance(start, ast.Constant) else 0.3
                        yield replacement(function, "range", slot, called(function, "range", start, stop), weight)
            case _:
                pass


def iterables(function: Anatomy) -> Iterator[Edit]:
    """A loop over the wrong thing: reversed, sorted, without its first or last, over another collection or a copy."""
    for slot in function.slots:
        if slot.field != "iter" or isinstance(slot.node, ast.GeneratorExp):
            continue
        node, kind = slot.node, function.kind(slot.node)
        if kinds.may_be(kind, kinds.SEQUENCE | kinds.TEXT):
            for suffix, weight in (("[1:]", 1.0), ("[:-1]", 0.8), ("[::-1]", 0.7), ("[:]", 0.4), ("[::2]", 0.2)):
                yield replacement(function, "iterable", slot, followed(function, node, suffix), weight)
        for name, weight in (("reversed", 0.8), ("sorted", 0.8), ("list", 0.4), ("set", 0.4), ("enumerate", 0.3)):
            yield replacement(function, "iterable", slot, called(function, name, node), weight)
        if kinds.may_be(kind, kinds.NUMBER) and isinstance(node, ast.Name | ast.Call):
            yield replacement(function, "iterable", slot, called(function, "range", node), 0.6)
        if kinds.may_be(kind, kinds.MAPPING):
            for suffix in (".items()", ".values()", ".keys()"):
                yield replacement(function, "iterable", slot, followed(function, node, suffix), 0.4)
        for text, weight in _others(function, node):
            yield replacement(function, "iterable", slot, atom(text), weight)


def _others(function: Anatomy, node: ast.expr) -> Iterator[tuple[str, float]]:
    """What else there is to iterate over at `node`."""
    own = function.source.segment(node)
    for name in function.visible(node):
        known = function.kinds.get(name, kinds.UNKNOWN)
        if kinds.may_be(known, kinds.SIZED) and name != own:
            yield name, 0.5 if known else 0.3
        if known and known <= kinds.SIZED:
            yield from ((f"range(len({name}))", 0.3), (f"range(1, len({name}))", 0.2))
        if known == kinds.NUMBER:
            yield from ((f"range({name})", 0.3), (f"range({name} + 1)", 0.2), (f"range(1, {name} + 1)", 0.2))


def counted(function: Anatomy) -> Iterator[Edit]:
    """A loop over a number: the `range` around it is missing."""
    for slot in function.slots:
        if slot.field != "iter" or function.kind(slot.node) != kinds.NUMBER:
            continue
        stop, one, zero = slot.node, atom("1"), atom("0")
        yield replacement(function, "range", slot, called(function, "range", stop), 1.5)
        for start in ("1", "2"):
            yield replacement(function, "range", slot, called(function, "range", atom(start), stop), 1.2)
        for name in function.visible(slot.node):
            if function.kinds.get(name) == kinds.NUMBER:
                yield replacement(function, "range", slot, called(function, "range", atom(name), stop), 0.8)
                yield replacement(function, "range", slot, called(function, "range", stop, atom(name)), 0.8)
        for limit in (zero, atom("-1")):
            yield replacement(function, "range", slot, called(function, "range", stop, limit, atom("-1")), 0.8)
        last = binary(function, stop, "-", one)
        yield replacement(function, "range", slot, called(function, "range", last, atom("-1"), atom("-1")), 0.8)


def enumerations(function: Anatomy) -> Iterator[Edit]:
    """An `enumerate` that starts elsewhere, or that hides the wrong end of the collection."""
    for slot in function.slots:
        match slot.node:
            case ast.Call(func=ast.Name(id="enumerate"), args=[collection, start]):
                yield replacement(function, "enumerate", slot, called(function, "enumerate", collection))
                for text in ("0", "1", "2"):
                    if function.source.segment(start) != text:
                        piece = called(function, "enumerate", collection, atom(text))
                        yield replacement(function, "enumerate", slot, piece)
            case ast.Call(func=ast.Name(id="zip" | "enumerate" as name), args=[first, *rest]) if not any(
                isinstance(part, ast.Starred) for part in (first, *rest)
            ):
                for suffix in ("[1:]", "[::-1]"):
                    for index, part in enumerate((first, *rest)):
                        if kinds.may_be(function.kind(part), kinds.SEQUENCE | kinds.TEXT):
                            parts = [function.piece(other) for other in (first, *rest)]
                            parts[index] = followed(function, part, suffix)
                            yield replacement(function, "enumerate", slot, called(function, name, *parts), 0.6)
            case _:
                pass


def while_kind(function: Anatomy) -> Iterator[Edit]:
    """`if` where `while` was meant and the reverse: done once or as often as it takes."""
    for place in function.places:
        match place.node:
            case ast.While(orelse=[]) as node:
                if not _leaves(node):
                    yield keyword(function, "loop keyword", node, "if")
            case ast.If(orelse=[]) as node if not layout.is_elif(function, node):
                yield keyword(function, "loop keyword", node, "while")
            case _:
                pass


def _leaves(node: ast.While) -> bool:
    return any(isinstance(part, ast.Break | ast.Continue) for part in ast.walk(node))
