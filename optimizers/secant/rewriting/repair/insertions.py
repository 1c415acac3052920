"""Missing statements: repeated from elsewhere in the function, put together from its variables, or without effect."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Edit, Splice
from secant.rewriting.repair import kinds, layout
from secant.rewriting.repair.anatomy import Anatomy, Loop, Place
from secant.rewriting.repair.drafting import described, shortened
from secant.rewriting.repair.priors import PRIORS
from secant.rewriting.repair.statements import leaves_loop

_SIMPLE = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr | ast.Return | ast.Break | ast.Continue | ast.Delete
_NEAR = 15
"""Lines: statements that resemble another one are inserted at most so far from it."""
_GROWING = ("append", "extend", "add", "insert", "remove", "discard", "update", "appendleft", "push", "write")


def repeated(function: Anatomy) -> Iterator[Edit]:
    """A statement that is missing here and stands elsewhere in the function."""
    ingredients: dict[str, Place] = {}
    for place in function.places:
        if isinstance(place.node, _SIMPLE) and not layout.has_long_string(place.node):
            ingredients.setdefault(function.source.segment(place.node), place)
    for place in function.places:
        for text, origin in ingredients.items():
            if origin.owner is not place.owner or (leaves_loop(origin.node) and place.loop is None):
                continue
            if "\n" not in text:
                yield from inserted(function, "statement", place, text, 0.6 if origin.node is not place.node else 0.3)


def synthesised(function: Anatomy) -> Iterator[Edit]:
    """A small statement that is missing: a step of a counter, an element collected, a variable carried over."""
    for place in function.places:
        seen: set[str] = set()
        for text, weight in small_statements(function, place):
            if text not in seen:
                seen.add(text)
                yield from inserted(function, "statement", place, text, weight)


def small_statements(function: Anatomy, place: Place) -> Iterator[tuple[str, float]]:
    names = function.visible(place.node)[:9]
    writable = [name for name in names if name in function.locals or name in function.parameters]
    grown = _grown(function)
    for name in writable:
        kind = function.kinds.get(name, kinds.UNKNOWN)
        if kinds.may_be(kind, kinds.NUMBER):
            scale = 1.0 if kind else 0.4
            yield from ((f"{name} += 1", scale), (f"{name} -= 1", 0.6 * scale), (f"{name} = 0", 0.6 * scale))
            yield from ((f"{name} //= 2", 0.2 * scale), (f"{name} //= 10", 0.2 * scale), (f"{name} = 1", 0.3 * scale))
        if kinds.may_be(kind, kinds.SEQUENCE):
            scale = 1.0 if kind else 0.3
            for suffix, weight in ((".pop()", 0.6), (".pop(0)", 0.3), (".sort()", 0.6), (".reverse()", 0.4)):
                yield f"{name}{suffix}", weight * scale
            yield from ((f"{name} = []", 0.5 * scale), (f"{name} = sorted({name})", 0.4 * scale))
            yield from ((f"{name} = list({name})", 0.4 * scale), (f"{name} = {name}[1:]", 0.2 * scale))
        if kinds.may_be(kind, kinds.TEXT):
            scale = 1.0 if kind else 0.3
            yield from ((f"{name} = ''", 0.6 * scale), (f"{name} = {name}.lower()", 0.6 * scale))
            yield from ((f"{name} = {name}.strip()", 0.5 * scale), (f"{name} = {name}.upper()", 0.2 * scale))
        if kinds.may_be(kind, kinds.TRUTH):
            yield from ((f"{name} = True", 0.5 if kind else 0.2), (f"{name} = False", 0.5 if kind else 0.2))
        yield f"{name} = None", 0.15
        for other in names:
            if other != name:
                yield from _pairs(function, name, other, grown)


def _pairs(function: Anatomy, name: str, other: str, grown: dict[str, list[str]]) -> Iterator[tuple[str, float]]:
    kind, known = function.kinds.get(name, kinds.UNKNOWN), function.kinds.get(other, kinds.UNKNOWN)
    sure = bool(kind and known)
    if kinds.compatible(kind, known):
        yield f"{name} = {other}", 0.8 if sure else 0.4
        if kinds.may_be(kind, kinds.NUMBER | kinds.TEXT | kinds.SEQUENCE):
            yield f"{name} += {other}", 0.8 if sure else 0.4
        if kinds.may_be(kind, kinds.NUMBER):
            yield f"{name} -= {other}", 0.4 if sure else 0.2
            yield f"{name} *= {other}", 0.4 if sure else 0.2
            yield f"{name} %= {other}", 0.2 if sure else 0.1
    methods = dict.fromkeys([*grown.get(name, ()), *(["append"] if kind == kinds.SEQUENCE else []),
                             *(["add"] if kind == kinds.GROUP else [])])  # fmt: skip
    for method in methods:
        if method in _GROWING and method != "insert":
            yield f"{name}.{method}({other})", 1.0
    if kind == kinds.MAPPING:
        yield f"{name}[{other}] = 1", 0.4
        yield f"{name}[{other}] += 1", 0.6
        yield f"{name}[{other}] = {name}.get({other}, 0) + 1", 0.6


def _grown(function: Anatomy) -> dict[str, list[str]]:
    """Names to the methods that are called on them."""
    found: dict[str, list[str]] = {}
    for node in function.of(ast.Call):
        match node.func:
            case ast.Attribute(value=ast.Name(id=name), attr=method):
                found.setdefault(name, []).append(method)
            case _:
                pass
    return found


def initialised(function: Anatomy) -> Iterator[Edit]:
    """A variable that is used and never given a first value: `total = 0`, `found = []` at the start or above a loop."""
    stored = {name for name in function.locals if name not in function.parameters}
    grown = {node.target.id for node in function.of(ast.AugAssign) if isinstance(node.target, ast.Name)}
    plain = {
        node.id
        for node in function.of(ast.Name)
        if isinstance(node.ctx, ast.Store) and not isinstance(function.parents[node], ast.AugAssign)
    }
    wanting = [*function.undefined, *(name for name in function.locals if name in (stored & grown) - plain)]
    for name in wanting:
        first = min(node.lineno for node in function.of(ast.Name) if node.id == name)
        for place in function.places:
            top = place.parent is function.node and place.position == 0
            if place.node.lineno > first or not (top or isinstance(place.node, Loop) or place.position == 0):
                continue
            for value in ("0", "[]", "''", "{}", "set()", "None", "1", "False", "True", *function.parameters):
                yield from inserted(function, "first value", place, f"{name} = {value}", 1.0 if top else 0.6)


def without_effect(function: Anatomy) -> Iterator[Edit]:
    """A statement that does nothing: the call around or behind it, or the assignment, was forgotten."""
    grown = _grown(function)
    for place in function.places:
        node = place.node
        if not isinstance(node, ast.Expr) or isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom | ast.Await):
            continue
        start, end = function.source.span(node)
        text = function.text(node.value)
        names = [name for name in function.visible(node) if name != text]
        options = [f"{name}.{method}({text})" for name in names for method in grown.get(name, ["append"])]
        options += [f"{name} {symbol} {text}" for name in names for symbol in ("=", "+=")]
        if isinstance(node.value, ast.Name):
            arguments = [*names, "0", "1", *_arguments(function)]
            options += [f"{text}.{method}({argument})" for argument in arguments for method in ("append", "add")]
            options += [f"{text}.{method}()" for method in ("sort", "pop", "reverse", "clear")]
        for option in dict.fromkeys(options):
            yield described(
                function, "effect", node, (Splice(start, end, option),), (f"becomes {shortened(option)}", 1.0)
            )


def _arguments(function: Anatomy) -> list[str]:
    """What small arguments the function passes elsewhere."""
    texts = [function.source.segment(slot.node) for slot in function.slots if slot.field == "args"]
    return [text for text in dict.fromkeys(texts) if len(text) < 30 and "\n" not in text]


def varied(function: Anatomy) -> Iterator[Edit]:
    """A missing statement that resembles one of the function: the same with another variable in one place."""
    for origin in function.places:
        node = origin.node
        if not isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return):
            continue
        if not layout.on_own_lines(function, node) or node.lineno != node.end_lineno:
            continue
        base, text = function.source.span(node)[0], function.source.segment(node)
        uses = [slot.node for slot in function.slots if isinstance(slot.node, ast.Name) and slot.field != "func"]
        inside = [use for use in uses if node in function.ancestors(use) and not _in_comprehension(function, use)]
        for place in function.places:
            if place.owner is not origin.owner or abs(place.node.lineno - node.lineno) > _NEAR:
                continue
            for use in inside[:4]:
                start, end = (offset - base for offset in function.source.span(use))
                data = text.encode("utf-8")
                for name in function.visible(place.node)[:6]:
                    if name != use.id:
                        changed = (data[:start] + name.encode("utf-8") + data[end:]).decode("utf-8")
                        yield from inserted(function, "statement", place, changed, 0.25)


def _in_comprehension(function: Anatomy, node: ast.AST) -> bool:
    return any(isinstance(parent, ast.comprehension | ast.Lambda) for parent in function.ancestors(node))


def inserted(function: Anatomy, kind: str, place: Place, text: str, weight: float) -> Iterator[Edit]:
    """The one-line statement `text` before a statement, and also behind it where its block ends."""
    node = place.node
    if not layout.on_own_lines(function, node) or layout.early(function, node, text):
        return
    indent = layout.indent_of(function, node)
    note = f"{shortened(text)} is inserted"
    prior = PRIORS[kind] * weight
    line = indent + text
    yield Edit(kind, layout.first_line(node), (layout.before(function, node, line),), prior, note)
    if place.position == len(place.block) - 1:
        last = node.end_lineno or node.lineno
        yield Edit(kind, last, (layout.after(function, node, line),), prior, note)
