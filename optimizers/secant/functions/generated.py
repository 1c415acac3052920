"""Calls made up from annotations, for a function that no test judges: it is compared with the original alone.

Written as a test file into the run's scratch folder, so that everything behind it (recording, comparing, timing) is as
for real tests. Such a file can prove nothing right; it only makes calls.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secant.errors import BadRequest
from secant.functions.locate import LocatedFunction
from secant.functions.project import Project
from secant.rewriting.source import FunctionSource

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

REQUEST = "generated"
"""The word that asks for it in place of test paths: `--tests generated`."""
_CALLS = 40
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


def write_tests(folder: Path, target: Path, located: LocatedFunction, project: Project) -> Path:
    """A test file in `folder` that calls the function, as it stands in `target`, on inputs drawn from its annotations.

    Raises BadRequest where they do not say enough, or hypothesis is missing.
    """
    if located.kind not in {"function", "staticmethod"} or "<locals>" in located.qualname:
        raise _impossible(located, f"it is a {located.kind}, whose object Secant cannot make up")
    calls = _calls(located)
    modules = project.module_names(located.path)
    if not modules:
        raise _impossible(located, "its module has no name to import it by")
    module = modules[0]
    base = target
    for _ in range(module.count(".") + 1):
        base = base.parent
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
        from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415 because it is an extra
        from hypothesis import strategies as st  # noqa: PLC0415
    except ImportError as error:
        raise BadRequest(
            "making up calls needs hypothesis", hint="Install it: pip install 'secant[fuzz]'"
        ) from error
    strategies = [_strategy(located, parameter) for parameter in _parameters(located)]
    drawn: list[tuple[Any, ...]] = []

    @settings(
        max_examples=_CALLS, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(st.tuples(*strategies))
    def draw(call: tuple[Any, ...]) -> None:
        drawn.append(call)

    draw()
    return list({repr(call): call for call in drawn}.values())


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
    from hypothesis import strategies as st  # noqa: PLC0415 because it is an extra

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
            return _of(ast.parse(text, mode="eval").body)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _one_of([_of(left), _of(right)])
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return simple.get(name)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _generic(name.lower(), inner.elts if isinstance(inner, ast.Tuple) else [inner])
        case _:
            return None


def _one_of(options: Sequence[SearchStrategy[Any] | None]) -> SearchStrategy[Any] | None:
    from hypothesis import strategies as st  # noqa: PLC0415 because it is an extra

    known = [option for option in options if option is not None]
    return st.one_of(*known) if len(known) == len(options) else None


def _generic(name: str, arguments: Sequence[ast.expr]) -> SearchStrategy[Any] | None:
    """`list[int]`, `dict[str, int]`, `tuple[int, ...]`, `Optional[int]` and their kin."""
    from hypothesis import strategies as st  # noqa: PLC0415 because it is an extra

    variadic = len(arguments) == 2 and isinstance(arguments[1], ast.Constant) and arguments[1].value is Ellipsis
    inner = [_of(argument) for argument in (arguments[:1] if variadic else arguments)]
    items = [item for item in inner if item is not None]
    if len(items) != len(inner):
        return None
    match name:
        case "list" | "sequence" | "iterable" | "collection":
            return st.lists(items[0], max_size=30)
        case "set" | "frozenset":
            return st.builds({"set": set, "frozenset": frozenset}[name], st.lists(items[0], max_size=20))
        case "dict" | "mapping" if len(items) == 2:
            return st.dictionaries(items[0], items[1], max_size=15)
        case "tuple" if variadic:
            return st.builds(tuple, st.lists(items[0], max_size=20))
        case "tuple":
            return st.tuples(*items)
        case "optional":
            return _one_of([items[0], st.none()])
        case "union":
            return _one_of(items)
        case _:
            return None
