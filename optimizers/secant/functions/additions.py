"""What a text brings along besides its function: imports, and helpers to stand above it. Text in, parts out.

A model answers with the function and with what the new version needs. Here that is told apart; whether it may stand in
a module, and where, is decided elsewhere.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from secant.statements import FunctionNode, functions, margin, statements

_DEFINES = re.compile(r"(?:async\s+)?def\s+")


class NotSeparableError(ValueError):
    """The text is not a function with imports and helpers; the message says what else it is."""


class NotDefinedError(NotSeparableError):
    """The text defines something else than the function."""


class Import(NamedTuple):
    """One name of an import statement: `import module as alias`, or `from module import name as alias`."""

    module: str
    """With its leading dots."""
    name: str | None
    alias: str | None

    @property
    def local(self) -> str:
        """The name that it binds."""
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def origin(self) -> str:
        """What the name stands for, as `Facts.imports` says it."""
        if self.name is not None:
            return f"{self.module}{'' if self.module.endswith('.') else '.'}{self.name}"
        return self.module if self.alias else self.local

    @property
    def line(self) -> str:
        renamed = f" as {self.alias}" if self.alias else ""
        return f"from {self.module} import {self.name}{renamed}" if self.name else f"import {self.module}{renamed}"


class Helper(NamedTuple):
    """A function, class or constant, with the comments above it, at column 0."""

    names: tuple[str, ...]
    text: str
    """Whole lines, the last one without a line end."""
    line: int
    """Its first line in the text that it comes from."""
    node: ast.stmt


class Additions(NamedTuple):
    """A text in its parts."""

    imports: tuple[Import, ...]
    helpers: tuple[Helper, ...]
    function: str
    """With the indentation that it has in its file."""
    line: int
    """The function's first line in the text."""

    @property
    def none(self) -> bool:
        return not (self.imports or self.helpers)


def split(text: str, name: str) -> Additions:
    """The parts of a text with "\\n" line ends that defines the function `name`.

    What stands beside an indented function (a method) may be indented like it, or stand at column 0.
    Raises NotSeparableError for any other statement, and SyntaxError where the text does not parse.
    """
    if is_plain(text, name):
        return Additions((), (), text, 1)
    return _Splitter(text, name).parts()


def is_plain(text: str, name: str) -> bool:
    """Whether the text is, at a glance, the function `name` and nothing else; False where a closer look is needed."""
    indent = margin(text)
    found = 0
    for line in text.rstrip("\n").split("\n"):
        rest = line.removeprefix(indent)
        if not rest or rest[0].isspace() or rest[0] == ")" or not line.startswith(indent):
            continue
        definition = _DEFINES.match(rest)
        if definition is not None and rest[definition.end() :].startswith(name):
            found += 1
        elif found or rest[0] != "@":
            return False
    return found == 1


class _Splitter:
    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._lines = text.rstrip("\n").split("\n")
        self._imports: list[Import] = []
        self._helpers: list[Helper] = []
        self._function: tuple[str, int] | None = None

    def parts(self) -> Additions:
        found = statements("\n".join(self._lines) + "\n", self._name)
        if not any(node.name == self._name for node in functions(found)):
            raise NotDefinedError(f"it does not define {self._name}")
        for before, after in pairwise([None, *found]):
            assert after is not None
            self._take(after, 0 if before is None else _last(before))
        assert self._function is not None
        return Additions(tuple(self._imports), tuple(self._helpers), *self._function)

    def _take(self, node: ast.stmt, above: int) -> None:
        """Sort one statement; `above` is the line where the one before it ends."""
        match node:
            case ast.Import():
                self._imports += [Import(alias.name, None, alias.asname) for alias in node.names]
            case ast.ImportFrom():
                if any(alias.name == "*" for alias in node.names):
                    raise NotSeparableError("it imports everything from a module (import *)")
                module = "." * node.level + (node.module or "")
                self._imports += [Import(module, alias.name, alias.asname) for alias in node.names]
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name == self._name:
                if self._function is not None:
                    raise NotSeparableError(f"it defines {name} twice")
                first = self._first(node, above)
                self._function = ("\n".join(self._lines[first - 1 : _last(node)]) + "\n", first)
            case _ if not _means_nothing(node):
                self._help(node, above)
            case _:
                pass

    def _help(self, node: ast.stmt, above: int) -> None:
        names = tuple(_bound(node))
        if not names:
            what = ast.unparse(node).partition("\n")[0][:60]
            raise NotSeparableError(f"it holds a statement that is no import and no definition: {what}")
        first = self._first(node, above)
        if first <= above:
            raise NotSeparableError("it has several statements in one line")
        while first - 1 > above and self._lines[first - 2].lstrip().startswith("#"):
            first -= 1
        lines = self._lines[first - 1 : _last(node)]
        indent = margin(self._lines[node.lineno - 1])
        if indent and isinstance(node, FunctionNode) and _receiver(node) in ("self", "cls"):
            raise NotSeparableError(f"it adds the method {node.name}, and only functions of the module can be added")
        self._helpers.append(Helper(names, "\n".join(line.removeprefix(indent) for line in lines), first, node))

    def _first(self, node: ast.stmt, above: int) -> int:
        """The line of the first decorator's `@`, which may stand above its expression, or of the statement."""
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        line = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        while decorators and line - 1 > above and not self._lines[line - 1].lstrip().startswith("@"):
            line -= 1
        return line


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a helper defines; none for a statement that is none."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets) if all(isinstance(target, ast.Name) for target in targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            yield name
        case _:
            return


def _receiver(node: FunctionNode) -> str:
    """The name of the first parameter."""
    first = [*node.args.posonlyargs, *node.args.args][:1]
    return first[0].arg if first else ""


def _means_nothing(node: ast.stmt) -> bool:
    """A docstring, `pass`, and what runs only where the text is a program of its own."""
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
        case _:
            return False


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
