"""A function's surroundings as text for a model: its class, what it calls, the types and constants that it uses.

Read from texts alone (unsaved ones as the editor holds them): nothing of the user's is imported. What matters most
comes first, and what the budget has no room for is named.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import UnionType
from typing import NamedTuple

from secant.errors import SecantError
from secant.functions.definitions import FunctionNode, definitions
from secant.functions.excerpts import class_around, excerpt
from secant.functions.locate import LocatedFunction
from secant.functions.project import package_base
from secant.functions.subject import Subject
from secant.functions.syntax import parse_module
from secant.functions.textfile import TextFile

TOKENS = 1500
"""How much of a request the surroundings may fill."""
_CHARACTERS_PER_TOKEN = 4
_MOST_CALLS = 6
_MOST_NAMED = 12
_MOST_FILES = 300
_LINE = 160


class _Piece(NamedTuple):
    """One thing about the surroundings."""

    name: str
    """For the list of what is left out."""
    text: str


def context(subject: Subject, tokens: int = TOKENS) -> str:
    """The surroundings in at most about `tokens` tokens (4 characters each); empty where there are none."""
    pieces = list(_Surroundings(subject).pieces())
    room = tokens * _CHARACTERS_PER_TOKEN
    kept: list[str] = []
    left_out: list[str] = []
    for piece in pieces:
        if len(piece.text) + 2 <= room:
            kept.append(piece.text)
            room -= len(piece.text) + 2
        else:
            left_out.append(piece.name)
    if left_out:
        more = f" and {len(left_out) - _MOST_NAMED} more" if len(left_out) > _MOST_NAMED else ""
        kept.append(f"# Left out for want of room: {', '.join(left_out[:_MOST_NAMED])}{more}")
    return "\n\n".join(kept)


class _Surroundings:
    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._located = subject.located
        self._file = subject.located.file
        self._tree = parse_module(self._file)
        self._node, self._owner = _own(self._tree, subject.located)
        self._used = _names(self._node)
        self._attributes = _attributes(self._node)

    def pieces(self) -> Iterator[_Piece]:
        """In the order of their use to a reader."""
        known = {name: node for node in self._tree.body for name in _defined(node)}
        used = [known[name] for name in self._used if name in known and not self._is_around(known[name])]
        used = list({id(node): node for node in used}.values())
        if self._owner is not None:
            text = class_around(self._file, self._owner, frozenset(self._attributes))
            yield _Piece(f"class {self._owner.name}", f"# Its class\n{text}")
            yield from self._methods(self._owner)
        yield from self._defined_here(used, ast.ClassDef, "A type that it uses")
        yield from self._defined_here(used, FunctionNode, "A function that it uses")
        constants = [n for n in used if isinstance(n, ast.Assign | ast.AnnAssign)]
        yield from (
            _Piece(", ".join(_defined(n)), f"# A value of the module\n{excerpt(self._file, n)}") for n in constants
        )
        imports = [ast.unparse(n) for n in used if isinstance(n, ast.Import | ast.ImportFrom)]
        if imports:
            yield _Piece("imports", "\n".join(["# Imported in the module", *imports]))
        yield from self._from_project([n for n in used if isinstance(n, ast.ImportFrom)])
        yield from self._calls()

    def _is_around(self, node: ast.stmt) -> bool:
        return node.lineno <= self._located.last_line and (node.end_lineno or 0) >= self._located.first_line

    def _methods(self, owner: ast.ClassDef) -> Iterator[_Piece]:
        for node in owner.body:
            own = isinstance(node, FunctionNode) and node.name in self._attributes and not node.name.startswith("__")
            if isinstance(node, FunctionNode) and own and node is not self._node:
                name = f"{owner.name}.{node.name}"
                yield _Piece(name, f"# A method that it uses, of {owner.name}\n{excerpt(self._file, node)}")

    def _defined_here(self, used: Sequence[ast.stmt], kind: type | UnionType, what: str) -> Iterator[_Piece]:
        for node in used:
            if isinstance(node, kind):
                yield _Piece(", ".join(_defined(node)), f"# {what}\n{excerpt(self._file, node)}")

    def _from_project(self, imports: Sequence[ast.ImportFrom]) -> Iterator[_Piece]:
        """Definitions in other files of the project, of what the function uses by `from module import name`."""
        for node in imports:
            file = self._module(node)
            if file is None:
                continue
            try:
                known = {name: each for each in parse_module(file).body for name in _defined(each)}
            except SecantError:
                continue
            for alias in node.names:
                found = known.get(alias.name)
                if found is not None and (alias.asname or alias.name) in self._used:
                    yield _Piece(alias.name, f"# From {self._shown(file.path)}\n{excerpt(file, found)}")

    def _module(self, node: ast.ImportFrom) -> TextFile | None:
        parts = (node.module or "").split(".") if node.module else []
        path = self._located.path
        root = self._subject.root
        bases = [path.parents[node.level - 1]] if node.level else [*package_base(path), path.parent, root, root / "src"]
        for base in bases:
            place = base.joinpath(*parts)
            for file in (place.parent / f"{place.name}.py", place / "__init__.py"):
                if self._subject.buffers.holds(file):
                    return self._read(file)
        return None

    def _read(self, path: Path) -> TextFile | None:
        try:
            return self._subject.buffers.read(path)
        except SecantError:
            return None

    def _calls(self) -> Iterator[_Piece]:
        """Lines that call it: of its own file, then of the files beside it, tests left out."""
        call = re.compile(rf"\b{re.escape(self._located.name)}\(")
        lines = [f"{n}: {t.strip()[:_LINE]}" for n, t in enumerate(self._file.lines, 1) if self._is_call(call, n, t)]
        beside = sorted(self._located.path.parent.glob("*.py"))[:_MOST_FILES]
        for path in beside if len(lines) < _MOST_CALLS else ():
            if path.name.startswith("test_") or path.stem.endswith("_test") or path.name == self._located.path.name:
                continue
            file = self._read(path)
            found = () if file is None else (t.strip() for t in file.lines if call.search(t) and not _is_definition(t))
            lines += [f"{path.name}: {text[:_LINE]}" for text in found]
        if lines:
            yield _Piece("its calls", "\n".join(["# How it is called", *(f"# {line}" for line in lines[:_MOST_CALLS])]))

    def _is_call(self, call: re.Pattern[str], number: int, text: str) -> bool:
        outside = not self._located.first_line <= number <= self._located.last_line
        return outside and bool(call.search(text)) and not _is_definition(text)

    def _shown(self, path: Path) -> str:
        root = self._subject.root
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _own(tree: ast.Module, located: LocatedFunction) -> tuple[ast.AST, ast.ClassDef | None]:
    """The function's node, and the class that it stands in."""
    for item in definitions(tree).functions:
        if item.qualname == located.qualname and located.first_line <= item.node.lineno <= located.last_line:
            return item.node, item.owner
    raise LookupError(located.qualname)  # `locate` has found it in this very text


def _names(node: ast.AST) -> list[str]:
    """The names that the function looks up, annotations in quotes too, in the order of the text."""
    found: dict[str, None] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            found[part.id] = None
        elif isinstance(part, ast.arg | ast.AnnAssign) and isinstance(part.annotation, ast.Constant):
            found |= dict.fromkeys(re.findall(r"\w+", str(part.annotation.value)))
    return list(found)


def _attributes(node: ast.AST) -> list[str]:
    """The attributes of its first parameter that it uses."""
    if not isinstance(node, FunctionNode):
        return []
    parameters = [*node.args.posonlyargs, *node.args.args]
    receiver = parameters[0].arg if parameters else ""
    found = (
        part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == receiver
    )
    return list(dict.fromkeys(found))


def _defined(node: ast.stmt) -> list[str]:
    """The names that a statement of a module binds."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name.partition(".")[0] for alias in names]
        case ast.Assign(targets=targets):
            return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def _is_definition(line: str) -> bool:
    return line.lstrip().startswith(("def ", "async def ", "class ", "#"))
