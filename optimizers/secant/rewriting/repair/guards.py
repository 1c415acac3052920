"""Guards: a special case that was forgotten at the start of the function, in a loop or around a statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from secant.rewriting.edit import Edit, Splice
from secant.rewriting.repair import kinds, layout
from secant.rewriting.repair.anatomy import Anatomy, Loop, Piece, Place
from secant.rewriting.repair.conditions import atoms, unary
from secant.rewriting.repair.drafting import shortened
from secant.rewriting.repair.priors import PRIORS

_RESULTS = (("None", 0.7), ("0", 1.0), ("False", 1.0), ("True", 0.8), ("[]", 0.9), ("''", 0.6), ("-1", 0.5), ("1", 0.6),
            ("{}", 0.3), ("0.0", 0.3), ("()", 0.2), ("set()", 0.2))  # fmt: skip
_ERRORS = ("ValueError", "TypeError", "IndexError", "KeyError", "ZeroDivisionError")


def at_start(function: Anatomy) -> Iterator[Edit]:
    """The function forgot a special case of one parameter: `if not xs: return 0`."""
    yield from _at_start(function, thorough=False)


def at_start_thoroughly(function: Anatomy) -> Iterator[Edit]:
    """The function forgot a special case: any condition about its parameters, any simple result, or an error."""
    yield from _at_start(function, thorough=True)


def _at_start(function: Anatomy, thorough: bool) -> Iterator[Edit]:
    first = next((place for place in function.places if place.parent is function.node), None)
    if first is None or not layout.on_own_lines(function, first.node) or _generates(function.node):
        return
    results = list(_results(function, function.parameters))
    conditions = list(unary(function, function.parameters))
    if thorough:
        conditions += [pair for pair in atoms(function, first.node) if pair not in conditions]
        results = results[:12] + [(f"raise {error}", 0.2) for error in _ERRORS]
    else:
        conditions = [(piece, weight) for piece, weight in conditions if weight >= 0.4][:24]
        results = results[:9]
    for condition, weight in conditions:
        for result, share in results:
            statement = result if result.startswith("raise") else f"return {result}"
            yield _guard(function, first, condition, statement, weight * share)


def _results(function: Anatomy, names: Sequence[str]) -> Iterator[tuple[str, float]]:
    """What a guard may return: what the function returns elsewhere counts most."""
    found: dict[str, float] = {}
    written = {function.source.segment(node.value) for node in function.of(ast.Return) if node.value is not None}
    outcome = {kind for node in function.of(ast.Return) if node.value is not None for kind in function.kind(node.value)}
    for text in sorted(written):
        if len(text) < 12 and not any(char.isalpha() for char in text):
            found[text] = 1.0
    for text, weight in _RESULTS:
        held = kinds.of_expression(ast.parse(text, mode="eval").body, {})
        fits = not outcome or not held or bool(held & outcome)
        found.setdefault(text, weight if fits else 0.25 * weight)
    for name in names:
        found[name] = 0.7
        if kinds.may_be(function.kinds.get(name, kinds.UNKNOWN), kinds.SEQUENCE):
            found[f"[{name}]"] = 0.15
            found[f"{name}[0]"] = 0.2
    yield from sorted(found.items(), key=lambda item: -item[1])


def _generates(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(node))


def in_loops(function: Anatomy) -> Iterator[Edit]:
    """A loop forgot to skip or to stop: `if not x: continue` at the start of its body, `break` at its end."""
    yield from _in_loops(function, thorough=False)


def in_loops_thoroughly(function: Anatomy) -> Iterator[Edit]:
    """The same before every statement of a loop, with more conditions, and with an early `return`."""
    yield from _in_loops(function, thorough=True)


def _in_loops(function: Anatomy, thorough: bool) -> Iterator[Edit]:
    results = [] if _generates(function.node) or not thorough else list(_results(function, ()))[:4]
    exits = [("continue", 1.0), ("break", 0.6), *((f"return {text}", 0.5 * share) for text, share in results)]
    for place in function.places:
        first = isinstance(place.parent, Loop) and place.position == 0
        if place.loop is None or not (first or thorough) or not layout.on_own_lines(function, place.node):
            continue
        if thorough and first:
            conditions = atoms(function, place.node)
        else:
            conditions = unary(function, _loop_names(function, place))
        for condition, weight in conditions:
            for statement, share in exits if place.owner is function.node else exits[:2]:
                yield _guard(function, place, condition, statement, weight * share)


def _loop_names(function: Anatomy, place: Place) -> list[str]:
    """What a loop is about: its targets, or the first names in scope of a `while`."""
    if place.loop is None or isinstance(place.loop, ast.While):
        return list(function.visible(place.node)[:3])
    return [node.id for node in ast.walk(place.loop.target) if isinstance(node, ast.Name)]


def around_statements(function: Anatomy) -> Iterator[Edit]:
    """A statement that should run only sometimes."""
    for place in function.places:
        if not layout.movable(function, place):
            continue
        indent = layout.indent_of(function, place.node)
        text = layout.lines(function, place.node, indent + layout.unit(function))
        if text is None:
            continue
        start, end = function.source.line_span(layout.first_line(place.node), place.node.end_lineno or 1)
        end -= function.data[start:end].endswith(b"\n")
        for condition, weight in atoms(function, place.node):
            splice = Splice(start, end, f"{indent}if {condition.text}:\n{text}")
            note = f"only if {shortened(condition.text)}"
            yield Edit("condition around", place.node.lineno, (splice,), PRIORS["condition around"] * weight, note)


def _guard(function: Anatomy, place: Place, condition: Piece, statement: str, weight: float) -> Edit:
    indent = layout.indent_of(function, place.node)
    text = f"{indent}if {condition.text}:\n{indent}{layout.unit(function)}{statement}"
    note = f"{shortened(f'if {condition.text}: {statement}')} is inserted"
    line = layout.first_line(place.node)
    return Edit("guard", line, (layout.before(function, place.node, text),), PRIORS["guard"] * weight, note)
