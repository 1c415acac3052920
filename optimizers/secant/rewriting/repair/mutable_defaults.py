"""The one repair of a signature: a default that is shared between calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Edit, Splice
from secant.rewriting.repair import layout
from secant.rewriting.repair.anatomy import Anatomy
from secant.rewriting.repair.drafting import shortened
from secant.rewriting.repair.priors import PRIORS


def mutable_defaults(function: Anatomy) -> Iterator[Edit]:
    """`def f(xs=[])`: the default becomes None and the body makes a new value where it got none."""
    arguments = function.node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = list(zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True))
    pairs += [(name, value) for name, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
              if value is not None]  # fmt: skip
    first = next((place.node for place in function.places if place.parent is function.node), None)
    if first is None or not layout.on_own_lines(function, first):
        return
    indent = layout.indent_of(function, first)
    for name, value in pairs:
        if not isinstance(value, ast.List | ast.Dict | ast.Set | ast.Call):
            continue
        made = function.text(value)
        guard = f"{indent}if {name.arg} is None:\n{indent}{layout.unit(function)}{name.arg} = {made}"
        splices = (Splice(*function.source.span(value), "None"), layout.before(function, first, guard))
        note = f"{shortened(f'{name.arg}={made}')} is made anew in every call"
        yield Edit("mutable default", name.lineno, splices, PRIORS["mutable default"], note)
