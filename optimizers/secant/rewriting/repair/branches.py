"""Branches: in the wrong order, missing, too many, or guarding what should always run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Edit, Splice
from secant.rewriting.repair import layout
from secant.rewriting.repair.anatomy import Anatomy, Loop
from secant.rewriting.repair.drafting import described, shortened
from secant.rewriting.repair.insertions import small_statements
from secant.rewriting.repair.statements import blocks_of, leaves_loop, moved


def unconditional(function: Anatomy) -> Iterator[Edit]:
    """A block that should always run: the `if`, `for` or `while` above it goes; an `else` that should always run."""
    for place in function.places:
        node = place.node
        if not isinstance(node, ast.If | Loop | ast.With) or not layout.on_own_lines(function, node):
            continue
        if isinstance(node, Loop) and leaves_loop(node):
            continue
        for block in blocks_of(node):
            indent = layout.indent_of(function, node)
            texts = [layout.lines(function, inner, indent) for inner in block if layout.on_own_lines(function, inner)]
            if len(texts) != len(block) or None in texts:
                continue
            start, end = function.source.line_span(node.lineno, node.end_lineno or node.lineno)
            end -= function.data[start:end].endswith(b"\n")
            text = "\n".join(text for text in texts if text)
            yield described(function, "unconditional", node, (Splice(start, end, text),), ("runs unconditionally", 1.0))


def branches(function: Anatomy) -> Iterator[Edit]:
    """The branches of an `if` in the wrong order, an `else` too many, `elif` for `if` and the reverse."""
    for place in function.places:
        node = place.node
        if not isinstance(node, ast.If):
            continue
        if node.orelse:
            yield from _branch_edits(function, node)
        following = place.block[place.position + 1] if place.position + 1 < len(place.block) else None
        if isinstance(following, ast.If) and not node.orelse and layout.on_own_lines(function, following):
            at = function.source.span(following)[0]
            between = function.data[function.source.span(node)[1] : at].strip()
            if not between and not layout.is_elif(function, following) and layout.on_own_lines(function, node):
                yield described(function, "elif", following, (Splice(at, at, "el"),), ("becomes `elif`", 1.0))


def _branch_edits(function: Anatomy, node: ast.If) -> Iterator[Edit]:
    other = node.orelse[0]
    if layout.is_elif(function, other) and isinstance(other, ast.If):
        start = function.source.span(other)[0]
        if layout.on_own_lines(function, node) or layout.is_elif(function, node):
            if not layout.is_elif(function, node):
                yield described(function, "elif", other, (Splice(start, start + 2, ""),), ("becomes `if`", 1.0))
            end = function.source.span(other)[1]
            line, _ = function.source.line_span(other.lineno, other.lineno)
            if not function.data[line:start].strip() and not other.orelse:
                yield described(function, "else removal", other, (Splice(line, end, ""),), ("goes", 0.6))
        if all(layout.on_own_lines(function, inner) for inner in (*node.body, *other.body)):
            yield from _swapped(function, node.body, other.body)
        return
    if all(layout.on_own_lines(function, inner) for inner in (*node.body, *node.orelse)):
        yield from _swapped(function, node.body, node.orelse)
        start = function.source.line_span(node.body[-1].end_lineno or 1, node.body[-1].end_lineno or 1)[1]
        end = function.source.line_span(other.lineno, node.end_lineno or other.lineno)[1]
        if function.data[start:end].strip().startswith(b"else"):
            yield described(function, "else removal", other, (Splice(start, end, ""),), ("and its `else` go", 0.7))
            indent = layout.indent_of(function, node) if layout.on_own_lines(function, node) else None
            texts = [layout.lines(function, inner, indent or "") for inner in node.orelse]
            if indent is not None and None not in texts:
                text = "\n".join(text for text in texts if text is not None)
                text += "\n" if function.data[start:end].endswith(b"\n") else ""
                yield described(
                    function, "else removal", other, (Splice(start, end, text),), ("leaves its `else`", 1.0)
                )


def _swapped(function: Anatomy, first: list[ast.stmt], second: list[ast.stmt]) -> Iterator[Edit]:
    if any(layout.first_line(block[0]) != block[0].lineno for block in (first, second)):
        return  # a decorated function begins above its own position
    spans = [(function.source.span(block[0])[0], function.source.span(block[-1])[1]) for block in (first, second)]
    texts = [function.data[start:end].decode("utf-8") for start, end in spans]
    splices = Splice(*spans[0], texts[1]), Splice(*spans[1], texts[0])
    yield described(function, "branch swap", first[0], splices, ("changes places with the other branch", 1.0))


def absorbed(function: Anatomy) -> Iterator[Edit]:
    """What follows an `if` belongs into an `else` of it."""
    for place in function.places:
        node = place.node
        following = place.block[place.position + 1] if place.position + 1 < len(place.block) else None
        if not isinstance(node, ast.If) or following is None or not layout.movable(function, place):
            continue
        tail = node
        while len(tail.orelse) == 1 and isinstance(tail.orelse[0], ast.If) and layout.is_elif(function, tail.orelse[0]):
            tail = tail.orelse[0]
        if tail.orelse or not layout.movable(function, place._replace(node=following)):
            continue
        indent = layout.indent_of(function, node)
        text = layout.lines(function, following, indent + layout.unit(function))
        if text is not None:
            insertion = layout.after(function, node, f"{indent}else:\n{text}")
            yield moved(
                function,
                place._replace(node=following, position=place.position + 1),
                insertion,
                0.7,
                "moves into an else",
            )


def alternatives(function: Anatomy) -> Iterator[Edit]:
    """A missing `else`: the mirror image of the branch, or a small statement."""
    for place in function.places:
        node = place.node
        if not isinstance(node, ast.If) or not (layout.on_own_lines(function, node) or layout.is_elif(function, node)):
            continue
        if node.orelse or not all(layout.on_own_lines(function, inner) for inner in node.body):
            continue
        inner, outer = layout.indent_of(function, node.body[0]), layout.indent_of(function, node)
        options = dict.fromkeys(_mirrored(function, node.body[-1]), 1.0)
        for text, weight in small_statements(function, place):
            options.setdefault(text, weight * 0.4)
        for text, weight in options.items():
            splice = layout.after(function, node, f"{outer}else:\n{inner}{text}")
            yield described(function, "else insertion", node, (splice,), (f"else {shortened(text)}", weight))


def _mirrored(function: Anatomy, node: ast.stmt) -> Iterator[str]:
    """What the other branch would do where this one does `node`."""
    text = function.source.segment(node)
    if "\n" in text:
        return
    for old, new in (("+=", "-="), ("-=", "+="), ("True", "False"), ("False", "True"), ("break", "continue"),
                     ("append(1)", "append(0)"), ("append(0)", "append(1)")):  # fmt: skip
        if old in text:
            yield text.replace(old, new, 1)
    match node:
        case ast.Assign(targets=[target]) | ast.AugAssign(target=target):
            head = function.source.segment(target)
            for value in ("0", "1", "None", "[]", "''", "False", "True", *function.visible(node)):
                yield f"{head} = {value}"
        case ast.Expr(value=ast.Call(func=func, args=[_])):
            for value in ("0", "1", "None", *function.visible(node)):
                yield f"{function.source.segment(func)}({value})"
        case ast.Return():
            for value in ("None", "0", "1", "[]", "''", *function.visible(node)):
                yield f"return {value}"
        case _:
            pass
