"""Finds the one function that a target means, or says why it is none.

Pure text and syntax: the file is never imported. Where several definitions share a name, the last one wins, as it does
when Python runs them one after the other; a line is always exact.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from secant.errors import NotOptimizable, TargetNotFound
from secant.functions.definitions import (
    Class,
    Definition,
    Definitions,
    FunctionNode,
    Kind,
    definitions,
    first_line,
    is_empty,
    last_line,
    last_name,
    own_nodes,
)
from secant.functions.syntax import parse_module
from secant.functions.target import Target, dotted_name
from secant.functions.textfile import TextFile

_SUFFIXES = (".py", ".pyw")
_ACCESSORS = {"getter": "property", "setter": "setter", "deleter": "deleter"}


class LocatedFunction(BaseModel):
    """A function in one version of a file."""

    model_config = ConfigDict(frozen=True, defer_build=True, extra="forbid")

    file: TextFile = Field(repr=False, exclude=True)
    path: Path
    qualname: str
    """As Python names it: `Basket.total`, `outer.<locals>.inner`."""
    unit: str
    """Qualified name of the outermost function around a nested one; a function's own name otherwise."""
    first_line: int
    """1-based; the first decorator's line where there is one."""
    last_line: int
    text: str
    """The whole lines, their own indentation kept, each ended by "\\n"."""
    kind: Kind
    is_async: bool = False
    is_generator: bool = False
    class_name: str | None = None
    """Name of the class whose body the function stands in directly."""
    signature: str
    """For a person: `(self, items: list[int], *, strict: bool = False) -> int`."""
    also_at: tuple[int, ...] = ()
    """First lines of other definitions of the same name (in other branches, or earlier in the file)."""

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]


def locate(file: TextFile, target: Target) -> LocatedFunction:
    """The function that `target` means in `file`.

    By line: the innermost function that holds it, decorators included. By name: the last definition of that name;
    `Basket.total` is a property's getter, `Basket.total.setter` its setter.
    Raises TargetNotFound, NotOptimizable or SourceSyntaxError, each with what to do next.
    """
    _require_source(file)
    tree = parse_module(file)
    found = definitions(tree)
    if target.line is not None:
        chosen = _by_line(file, tree, found, target.line)
    else:
        chosen = _by_name(file, tree, found, target.name or "")
    _require_implementation(file, found, chosen)
    return _located(file, found, chosen)


def _require_source(file: TextFile) -> None:
    suffix = file.path.suffix.lower()
    if suffix == ".pyi":
        source = file.path.with_suffix(".py")
        raise NotOptimizable("a stub file has no code", hint=f"Name {source} instead.", where=str(file.path))
    if suffix not in _SUFFIXES:
        raise NotOptimizable("this is not a Python file", hint="Name a .py file.", where=str(file.path))


# --- by line


def _by_line(file: TextFile, tree: ast.Module, found: Definitions, line: int) -> Definition:
    where = f"{file.path}:{line}"
    if line > len(file.lines):
        raise TargetNotFound(f"the file has only {len(file.lines)} lines", where=where)
    holders = [d for d in found.functions if _first(file, d) <= line <= last_line(d.node)]
    if holders:
        return holders[-1]
    classes = [item for item in found.classes if item.holds(line)]
    if classes:
        raise _in_class(found, classes[-1], where)
    for name, value in _assignments(tree):
        if isinstance(value, ast.Lambda) and value.lineno <= line <= (value.end_lineno or value.lineno):
            raise _assigned(name, value, where)
    raise TargetNotFound("there is no function at this line", hint=_neighbours(found, line), where=where)


def _in_class(found: Definitions, owner: Class, where: str) -> TargetNotFound:
    hint = _name_a_method(found, owner)
    return TargetNotFound(f"this line is in class {owner.qualname}, but in none of its methods", hint=hint, where=where)


def _neighbours(found: Definitions, line: int) -> str:
    before = [d for d in found.functions if last_line(d.node) < line][-1:]
    after = [d for d in found.functions if d.node.lineno > line][:1]
    near = [f"{dotted_name(d.qualname)} (lines {first_line(d.node)}-{last_line(d.node)})" for d in (*before, *after)]
    return f"The nearest are {' and '.join(near)}." if near else "The file defines no function."


# --- by name


def _by_name(file: TextFile, tree: ast.Module, found: Definitions, name: str) -> Definition:
    same = [d for d in found.functions if dotted_name(d.qualname) == name]
    primary = [d for d in same if d.kind not in ("setter", "deleter")] or same
    if primary:
        return _preferred(primary)
    base, _, accessor = name.rpartition(".")
    wanted = _ACCESSORS.get(accessor)
    accessors = [d for d in found.functions if dotted_name(d.qualname) == base and d.kind == wanted]
    if accessors:
        return accessors[-1]
    raise _no_such_name(file, tree, found, name)


def _preferred(same: Sequence[Definition]) -> Definition:
    """The last implementation; an overload only where there is nothing else."""
    return ([d for d in same if not d.is_overload] or same)[-1]


def _no_such_name(file: TextFile, tree: ast.Module, found: Definitions, name: str) -> TargetNotFound | NotOptimizable:
    where = str(file.path)
    for item in reversed(found.classes):
        if dotted_name(item.qualname) == name:
            return NotOptimizable(f"{name} is a class", hint=_name_a_method(found, item), where=where)
    return _bound_otherwise(tree, name, where) or TargetNotFound(
        f"there is no function {name}", hint=_near_names(found, name), where=where
    )


def _bound_otherwise(tree: ast.Module, name: str, where: str) -> NotOptimizable | None:
    """The reason where the module binds the name, but not by a `def`."""
    for bound, value in _assignments(tree):
        if bound == name:
            return _assigned(name, value, f"{where}:{value.lineno}")
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and name in {a.asname or a.name for a in statement.names}:
            module = "." * statement.level + (statement.module or "")
            hint = f"Name the file that defines it: the source of {module}."
            return NotOptimizable(f"{name} is imported from {module}", hint=hint, where=f"{where}:{statement.lineno}")
    return None


def _assignments(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names that the module's own statements assign, with the value."""
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case _:
                pass


def _assigned(name: str, value: ast.expr, where: str) -> NotOptimizable:
    if isinstance(value, ast.Lambda):
        hint = f"Write it as `def {name}({ast.unparse(value.args)}): return {ast.unparse(value.body)}`, then try again."
        return NotOptimizable(f"{name} is a lambda", hint=hint, where=where)
    hint = "Name the function that it is made from, or a line of that function."
    return NotOptimizable(f"{name} is assigned (`{ast.unparse(value)[:60]}`), not defined", hint=hint, where=where)


def _near_names(found: Definitions, name: str) -> str:
    names = list(dict.fromkeys(dotted_name(d.qualname) for d in found.functions))
    last = name.rpartition(".")[2]
    same_last = [candidate for candidate in names if candidate.rpartition(".")[2] == last]
    similar = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    by_last = [c for c in names if difflib.SequenceMatcher(None, c.rpartition(".")[2], last).ratio() >= 0.75]
    near = list(dict.fromkeys([*same_last, *similar, *by_last]))[:3]
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"The file defines {_listed(names)}." if names else "The file defines no function."


def _name_a_method(found: Definitions, owner: Class) -> str:
    methods = dict.fromkeys(dotted_name(d.qualname) for d in found.functions if d.owner is owner.node)
    return f"Name one of its methods: {_listed(methods)}." if methods else "It has no methods."


def _listed(names: Iterable[str], limit: int = 6) -> str:
    every = list(names)
    more = f" and {len(every) - limit} more" if len(every) > limit else ""
    return ", ".join(every[:limit]) + more


# --- what was chosen


def _require_implementation(file: TextFile, found: Definitions, chosen: Definition) -> None:
    where = f"{file.path}:{first_line(chosen.node)}"
    name = dotted_name(chosen.qualname)
    if chosen.is_overload:
        same = [d for d in found.functions if d.qualname == chosen.qualname and not d.is_overload]
        hint = f"Its implementation is at {file.path}:{same[-1].node.lineno}." if same else "Name its implementation."
        raise NotOptimizable(f"this is an overload of {name}: a type, not code", hint=hint, where=where)
    if _is_abstract(chosen) and is_empty(chosen.node):
        hint = "Name the method of a class that implements it."
        raise NotOptimizable(f"{name} is a stub: its body does nothing", hint=hint, where=where)


def _is_abstract(definition: Definition) -> bool:
    if any(name.startswith("abstract") for name in definition.decorators):
        return True
    if definition.owner is None:
        return False
    bases = {last_name(base) for base in definition.owner.bases}
    metaclasses = {last_name(keyword.value) for keyword in definition.owner.keywords if keyword.arg == "metaclass"}
    return bool(bases & {"Protocol", "ABC"} or metaclasses & {"ABCMeta"})


def _located(file: TextFile, found: Definitions, chosen: Definition) -> LocatedFunction:
    node = chosen.node
    first, last = _first(file, chosen), last_line(node)
    own = list(own_nodes(node))
    twins = [
        d for d in found.functions if d.qualname == chosen.qualname and d.kind == chosen.kind and not d.is_overload
    ]
    return LocatedFunction(
        file=file,
        path=file.path,
        qualname=chosen.qualname,
        unit=chosen.unit,
        first_line=first,
        last_line=last,
        text=file.excerpt(first, last),
        kind=chosen.kind,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        is_generator=any(isinstance(item, ast.Yield | ast.YieldFrom) for item in own),
        class_name=chosen.owner.name if chosen.owner else None,
        signature=_signature(node),
        also_at=tuple(_first(file, d) for d in twins if d is not chosen),
    )


def _first(file: TextFile, definition: Definition) -> int:
    """The line of the first decorator's `@`, which may stand above its expression: `@(` on a line of its own."""
    line = first_line(definition.node)
    if not definition.node.decorator_list:
        return line
    above = takewhile(lambda number: not file.lines[number - 1].lstrip().startswith("@"), range(line, 0, -1))
    return line - len(list(above))


def _signature(node: FunctionNode) -> str:
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"({ast.unparse(node.args)}){returns}"
