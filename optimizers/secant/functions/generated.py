"""Calls made up from annotations, for a function that no test judges: it is compared with the original alone.

Written as a test file into the run's scratch folder, so that everything behind it (recording, comparing, timing) is as
for real tests. Such a file can prove nothing right; it only makes calls.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secant.config import OptimizeRequest
from secant.errors import BadRequest
from secant.functions.drawing import HypothesisMissing, drawn, require_hypothesis
from secant.functions.locate import LocatedFunction
from secant.functions.project import Project
from secant.rewriting.source import FunctionSource

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

REQUEST = "generated"
"""The word that asks for them in place of test paths: `--tests generated`."""
_CALLS = 40
_SETS: Mapping[str, Callable[..., Collection[Any]]] = {"set": set, "frozenset": frozenset}
_TEMPLATE = '''"""Calls made up by Secant from the annotations of {name}. They assert nothing."""

import importlib
import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), {base!r}))
CALLS = {calls!r}
MODULE = importlib.import_module({module!r})


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_generated(number):
    function = MODULE
    for attribute in {attributes!r}:
        function = getattr(function, attribute)
    try:
        function(*CALLS[number])
    except Exception:
        pass
'''


def asked_for(request: OptimizeRequest) -> bool:
    """Whether made-up calls stand in for tests."""
    return request.tests == (REQUEST,)


def write_tests(folder: Path, target: Path, located: LocatedFunction, project: Project) -> Path:
    """A test file in `folder` that calls the function, as it stands in `target`, on inputs drawn from its annotations.

    Raises BadRequest where they do not say enough, or hypothesis is missing.
    """
    if located.kind not in {"function", "staticmethod"}:
        raise _impossible(located, f"it is a {located.kind}, whose object Secant cannot make up")
    if "<locals>" in located.qualname:
        raise _impossible(located, "it lives inside another function")
    if located.is_async or located.is_generator:
        raise _impossible(located, "a call of it runs nothing until it is awaited or iterated over")
    calls = _calls(located)
    modules = project.module_names(located.path)
    if not modules:
        raise _impossible(located, "its module has no name to import it by")
    module = modules[0]
    place = target.parent if target.stem == "__init__" else target
    base = place.parents[module.count(".")]
    path = folder / "test_secant_generated.py"
    path.write_text(
        _TEMPLATE.format(
            name=located.qualname,
            base=os.path.relpath(base, folder),
            calls=calls,
            module=module,
            attributes=located.qualname.split("."),
        ),
        encoding="utf-8",
    )
    return path


def _impossible(located: LocatedFunction, why: str) -> BadRequest:
    return BadRequest(
        f"no calls of {located.qualname} can be made up: {why}",
        hint="Write a test that calls it, and name it: --tests PATH_OR_NODEID.",
        where=str(located.path),
    )


def _calls(located: LocatedFunction) -> list[tuple[Any, ...]]:
    try:
        require_hypothesis()
    except HypothesisMissing as missing:
        raise BadRequest("making up calls needs hypothesis", hint="Install it: pip install 'secant[fuzz]'") from missing
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    return drawn(st.tuples(*(_strategy(located, parameter) for parameter in _parameters(located))), _CALLS)


def _parameters(located: LocatedFunction) -> Sequence[ast.arg]:
    """The parameters that a call must give."""
    node = FunctionSource(located.text).node
    positional = [*node.args.posonlyargs, *node.args.args]
    required = positional[: len(positional) - len(node.args.defaults)]
    if any(default is None for default in node.args.kw_defaults):
        raise _impossible(located, "it has keyword-only parameters without defaults")
    return required


def _strategy(located: LocatedFunction, parameter: ast.arg) -> SearchStrategy[Any]:
    if parameter.annotation is None:
        raise _impossible(located, f"its parameter {parameter.arg} has no annotation")
    found = _of(parameter.annotation)
    if found is None:
        raise _impossible(located, f"the annotation of {parameter.arg} is not made of built-in types")
    return found


def _of(annotation: ast.expr) -> SearchStrategy[Any] | None:
    """Values of a type made of built-in ones; None for any other type."""
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    simple: Mapping[str, SearchStrategy[Any]] = {
        "int": st.integers(-5, 60),
        "float": st.floats(-100, 100, allow_nan=False, width=32),
        "str": st.text(alphabet="abcAB 01,.-", max_size=20),
        "bool": st.booleans(),
        "bytes": st.binary(max_size=20),
        "None": st.none(),
    }
    match annotation:
        case ast.Constant(value=None):
            return st.none()
        case ast.Constant(value=str() as text):
            return _of_text(text)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _one_of([_of(left), _of(right)])
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return simple.get(name)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _generic(name.lower(), inner.elts if isinstance(inner, ast.Tuple) else [inner])
        case _:
            return None


def _of_text(annotation: str) -> SearchStrategy[Any] | None:
    """For an annotation in quotes, which need not be an expression."""
    try:
        return _of(ast.parse(annotation, mode="eval").body)
    except SyntaxError:
        return None


def _one_of(options: Sequence[SearchStrategy[Any] | None]) -> SearchStrategy[Any] | None:
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    known = [option for option in options if option is not None]
    return st.one_of(*known) if known and len(known) == len(options) else None


def _generic(name: str, arguments: Sequence[ast.expr]) -> SearchStrategy[Any] | None:
    """`list[int]`, `dict[str, int]`, `tuple[int, ...]`, `Optional[int]` and their kin."""
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    last = arguments[-1] if arguments else None
    variadic = isinstance(last, ast.Constant) and last.value is Ellipsis
    inner = [_of(argument) for argument in (arguments[:-1] if variadic else arguments)]
    items = [item for item in inner if item is not None]
    if len(items) != len(inner):
        return None
    found: SearchStrategy[Any] | None = None
    match name, items:
        case (("list" | "sequence" | "iterable" | "collection"), [item]):
            found = st.lists(item, max_size=30)
        case (("set" | "frozenset"), [item]):
            found = st.builds(_SETS[name], st.lists(item, max_size=20))
        case (("dict" | "mapping"), [key, value]):
            found = st.dictionaries(key, value, max_size=15)
        case "tuple", [item] if variadic:
            found = st.builds(tuple, st.lists(item, max_size=20))
        case "tuple", _:
            found = st.tuples(*items)
        case "optional", [item]:
            found = st.one_of(item, st.none())
        case "union", _:
            found = _one_of(items)
        case _:
            pass
    return found
