"""Control flow: what is returned, where it is returned, how a loop is left, what is caught and raised."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Edit, Splice
from secant.rewriting.repair import kinds, layout
from secant.rewriting.repair.anatomy import Anatomy, Loop
from secant.rewriting.repair.drafting import atom, keyword, replacement, shortened
from secant.rewriting.repair.insertions import inserted
from secant.rewriting.repair.priors import PRIORS

_EXCEPTIONS = ("ValueError", "KeyError", "IndexError", "TypeError", "AttributeError", "ZeroDivisionError",
               "StopIteration", "RuntimeError", "OSError", "LookupError", "Exception")  # fmt: skip


def returned(function: Anatomy) -> Iterator[Edit]:
    """The wrong thing is returned: another variable, a truth value, nothing."""
    for slot in function.slots:
        if not isinstance(slot.parent, ast.Return):
            continue
        kind = function.kind(slot.node)
        for name in function.visible(slot.node):
            known = function.kinds.get(name, kinds.UNKNOWN)
            weight = 1.0 if kinds.compatible(kind, known) else 0.3
            yield replacement(function, "return value", slot, atom(name), weight)
        for text in ("True", "False", "None", "0", "[]", "''", "-1", "1"):
            yield replacement(function, "return value", slot, atom(text), 0.3)


def missing_return(function: Anatomy) -> Iterator[Edit]:
    """A `return` that is missing: behind the last statement, in front of an expression, in a branch."""
    for place in function.places:
        node = place.node
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Yield | ast.YieldFrom | ast.Await):
            start = function.source.span(node.value)[0]
            if function.source.span(node)[0] == start:
                yield Edit("missing return", node.lineno, (Splice(start, start, "return "),), PRIORS["missing return"],
                           f"{shortened(function.source.segment(node))} is returned")  # fmt: skip
        last = place.parent is function.node and place.position == len(place.block) - 1
        if not last or not layout.on_own_lines(function, node):
            continue
        names = dict.fromkeys([*function.parameters, *function.locals])
        indent, end = layout.indent_of(function, node), node.end_lineno or node.lineno
        for text in (*names, "True", "False", "0", "1", "-1", "[]", "''", "None"):
            splice = layout.after(function, node, f"{indent}return {text}")
            weight = 1.0 if text in names else 0.5
            yield Edit("missing return", end, (splice,), PRIORS["missing return"] * weight,
                       f"{shortened('return ' + text)} at the end")  # fmt: skip


def early_returns(function: Anatomy) -> Iterator[Edit]:
    """An early `return`, `break` or `continue` that is missing at the end of a block."""
    for place in function.places:
        if place.position != len(place.block) - 1 or isinstance(place.node, ast.Return | ast.Raise):
            continue
        if place.parent is function.node:
            continue
        written = dict.fromkeys(
            function.source.segment(node) for node in function.of(ast.Return) if node.lineno == node.end_lineno
        )
        for text in dict.fromkeys([*written, "return True", "return False", "return None"]):
            yield from inserted(function, "early exit", place, text, 0.6)
        for name in function.visible(place.node)[:6]:
            yield from inserted(function, "early exit", place, f"return {name}", 0.4)
        if place.loop is not None:
            for text in ("break", "continue"):
                yield from inserted(function, "early exit", place, text, 1.0)


def exits(function: Anatomy) -> Iterator[Edit]:
    """`break` for `continue`, for `pass` or for `return`."""
    words: dict[type[ast.stmt], str] = {ast.Break: "break", ast.Continue: "continue", ast.Pass: "pass"}
    for place in function.places:
        old = words.get(type(place.node))
        start, end = function.source.span(place.node)
        if old is not None:
            options = ["pass", "return", *(("break", "continue") if place.loop is not None else ())]
            for new in options:
                if new != old:
                    yield keyword(function, "exit", place.node, new, 0.5 if new == "return" else 1.0)
        elif isinstance(place.node, ast.Return):
            note = shortened(function.source.segment(place.node))
            for new in ("break", "continue") if place.loop is not None else ():
                splice = Splice(start, end, new)
                yield Edit("exit", place.node.lineno, (splice,), PRIORS["exit"] * 0.7, f"{note} becomes `{new}`")


def stored_results(function: Anatomy) -> Iterator[Edit]:
    """A result that should be kept and is returned or thrown away: `x = f()` for `return f()` or for `f()`."""
    for place in function.places:
        node = place.node
        if not isinstance(node, ast.Return | ast.Expr) or node.value is None or layout.has_long_string(node):
            continue
        if isinstance(node.value, ast.Yield | ast.YieldFrom | ast.Constant):
            continue
        start, end = function.source.span(node)
        text = function.text(node.value)
        for name in (*function.parameters, *function.locals):
            for symbol in ("=", "+="):
                note = f"the result goes to {shortened(name)}"
                splice = Splice(start, end, f"{name} {symbol} {text}")
                yield Edit("stored result", node.lineno, (splice,), PRIORS["stored result"], note)


def exceptions(function: Anatomy) -> Iterator[Edit]:
    """The wrong exception is caught or raised."""
    for slot in function.slots:
        raised = isinstance(slot.parent, ast.Raise) and isinstance(slot.node, ast.Name)
        called = slot.field == "func" and isinstance(function.parents[slot.parent], ast.Raise)
        caught = isinstance(slot.parent, ast.ExceptHandler)
        if not (raised or called or caught):
            continue
        own = function.source.segment(slot.node)
        for name in _EXCEPTIONS:
            if name != own:
                yield replacement(function, "exception", slot, atom(name), 0.7)
                if caught and isinstance(slot.node, ast.Name):
                    yield replacement(function, "exception", slot, atom(f"({own}, {name})"), 0.5)


def swallowed(function: Anatomy) -> Iterator[Edit]:
    """An exception that is swallowed and should go on, or the reverse."""
    for place in function.places:
        if not isinstance(place.parent, ast.ExceptHandler) or place.position:
            continue
        start, end = function.source.span(place.node)
        for text in ("raise", "return None", "return False", "pass", *(("continue",) if place.loop else ())):
            if layout.first_line(place.node) == place.node.lineno:
                splice, note = Splice(start, end, text), f"handles with {shortened(text)}"
                yield Edit("exception", place.node.lineno, (splice,), PRIORS["exception"] * 0.5, note)


def generators(function: Anatomy) -> Iterator[Edit]:
    """`yield` for `yield from` and the reverse; a `return` of a generator that should yield."""
    for node in function.of(ast.Yield):
        if node.value is not None and not isinstance(node.value, ast.Tuple):
            at = function.source.span(node)[0] + len("yield")
            note = "`yield` becomes `yield from`"
            yield Edit("generator", node.lineno, (Splice(at, at, " from"),), PRIORS["generator"], note)
    for node in function.of(ast.YieldFrom):
        start, gap = function.source.span(node)[0], function.source.span(node.value)[0]
        between = function.data[start:gap]
        if between.strip() == b"yield from":
            note = "`yield from` becomes `yield`"
            splice = Splice(start, gap, "yield ")
            yield Edit("generator", node.lineno, (splice,), PRIORS["generator"], note)


def loop_else(function: Anatomy) -> Iterator[Edit]:
    """What follows a loop should run only if the loop was not left by `break`: it belongs into the loop's `else`."""
    for place in function.places:
        following = place.block[place.position + 1] if place.position + 1 < len(place.block) else None
        if not isinstance(place.node, Loop) or following is None or place.node.orelse:
            continue
        if not layout.on_own_lines(function, place.node) or not layout.on_own_lines(function, following):
            continue
        indent = layout.indent_of(function, place.node)
        text = layout.lines(function, following, indent + layout.unit(function))
        if text is None or isinstance(following, ast.Break | ast.Continue):
            continue
        start, end = function.source.line_span(layout.first_line(following), following.end_lineno or 1)
        end -= function.data[start:end].endswith(b"\n")
        splice = Splice(start, end, f"{indent}else:\n{text}")
        if not function.data[function.source.span(place.node)[1] : start].strip():
            note = "runs in the loop's `else`"
            yield Edit("move", following.lineno, (splice,), PRIORS["move"] * 0.3, note)
