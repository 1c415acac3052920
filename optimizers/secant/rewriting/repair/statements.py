"""Statements: superfluous, in the wrong order, in the wrong block."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Edit, Splice
from secant.rewriting.repair import layout
from secant.rewriting.repair.anatomy import Anatomy, Loop, Place
from secant.rewriting.repair.drafting import described

_SIMPLE = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr | ast.Return | ast.Break | ast.Continue | ast.Delete


def deletion(function: Anatomy) -> Iterator[Edit]:
    """A statement too many: it goes, with what is in it."""
    for place in function.places:
        node = place.node
        if isinstance(node, ast.Pass) or layout.is_elif(function, node):
            continue
        last = place.parent is function.node and place.position == len(place.block) - 1
        weight = 0.4 if layout.is_compound(node) or last else 1.0
        weight *= 0.4 if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom) else 1.0
        yield described(function, "deletion", node, (layout.deletion(function, place),), ("goes", weight))


def order(function: Anatomy) -> Iterator[Edit]:
    """Two neighbouring statements in the wrong order."""
    for place in function.places:
        if place.position + 1 >= len(place.block) or not layout.movable(function, place):
            continue
        node, other = place.node, place.block[place.position + 1]
        if not layout.movable(function, place._replace(node=other)):
            continue
        yield moved(function, place, layout.after(function, other, _own(function, node)), 1.0, "moves down")


def blocks(function: Anatomy) -> Iterator[Edit]:
    """The last or first statement of a block that belongs after or before it, as a `return` inside of its loop."""
    for place in function.places:
        parent = place.parent
        if not isinstance(parent, ast.stmt) or not layout.is_compound(parent) or not layout.movable(function, place):
            continue
        if layout.is_elif(function, parent) or not layout.on_own_lines(function, parent):
            continue
        if isinstance(parent, Loop) and leaves_loop(place.node):
            continue
        text = layout.lines(function, place.node, layout.indent_of(function, parent))
        if text is None:
            continue
        weight = 1.0 if place.position == len(place.block) - 1 else 0.4
        yield moved(function, place, layout.after(function, parent, text), weight, "moves out of its block")
        weight = 0.7 if place.position == 0 else 0.3
        yield moved(function, place, layout.before(function, parent, text), weight, "moves before its block")


def into_blocks(function: Anatomy) -> Iterator[Edit]:
    """A statement behind or before a block that belongs inside of it."""
    for place in function.places:
        if not layout.movable(function, place):
            continue
        for step in (-1, 1):
            index = place.position + step
            if not 0 <= index < len(place.block):
                continue
            for block in blocks_of(place.block[index]):
                if not layout.movable(function, place._replace(node=block[0])):
                    continue
                inner = block[-1] if step < 0 else block[0]
                if not layout.on_own_lines(function, inner):
                    continue
                text = layout.lines(function, place.node, layout.indent_of(function, inner))
                if text is None:
                    continue
                insert = layout.after if step < 0 else layout.before
                yield moved(function, place, insert(function, inner, text), 1.0, "moves into the block")


def far_moves(function: Anatomy) -> Iterator[Edit]:
    """A statement that belongs elsewhere: moved before or behind any other one outside of it."""
    for place in function.places:
        if not layout.movable(function, place) or not isinstance(place.node, _SIMPLE | ast.If):
            continue
        inside = {id(node) for node in ast.walk(place.node)}
        for other in function.places:
            if id(other.node) in inside or not layout.movable(function, other) or other.owner is not place.owner:
                continue
            if leaves_loop(place.node) and other.loop is not place.loop:
                continue
            text = layout.lines(function, place.node, layout.indent_of(function, other.node))
            if text is not None:
                yield moved(function, place, layout.before(function, other.node, text), 0.5, "moves up or down")
                if other.position == len(other.block) - 1:
                    yield moved(function, place, layout.after(function, other.node, text), 0.5, "moves up or down")


def _own(function: Anatomy, node: ast.stmt) -> str:
    return layout.lines(function, node, layout.indent_of(function, node)) or ""


def moved(function: Anatomy, place: Place, insertion: Splice, weight: float, what: str) -> Edit:
    """The statement goes where it stands and comes with `insertion`."""
    gone = layout.deletion(function, place)
    splices: tuple[Splice, ...] = (gone, insertion)
    if gone.start < insertion.start < gone.end:  # behind a block whose last line is the one that moves
        splices = (Splice(gone.start, insertion.start, insertion.text.removeprefix("\n")),)
    return described(function, "move", place.node, splices, (what, weight))


def leaves_loop(node: ast.AST) -> bool:
    """Whether a `break` or `continue` inside belongs to a loop outside (or, for a loop, to itself)."""
    if isinstance(node, ast.Break | ast.Continue):
        return True
    return any(
        leaves_loop(child)
        for child in ast.iter_child_nodes(node)
        if not isinstance(child, Loop | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    )


def blocks_of(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a statement; an `elif` is not one."""
    if isinstance(node, ast.If | Loop | ast.With | ast.AsyncWith | ast.Try):
        for block in (node.body, getattr(node, "orelse", [])):
            if block and not (
                isinstance(block[0], ast.If) and len(block) == 1 and block is getattr(node, "orelse", [])
            ):
                yield block
