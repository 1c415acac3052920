"""Where a candidate stands in its file: the function in its place, its helpers above it, its imports behind the others.

The one place that knows what the file becomes: what is written, shown as a diff, imported by workers and confirmed cold
are the same bytes. Every other byte of the file stays. Nothing is read or written here.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
import sys
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from secant.errors import SecantError, WriteRefused
from secant.functions.additions import Additions, Helper, Import, NotDefinedError, NotSeparableError, split
from secant.functions.definitions import FunctionNode, last_line
from secant.functions.locate import LocatedFunction, locate
from secant.functions.surroundings import facts
from secant.functions.syntax import parse_module
from secant.functions.target import Target
from secant.functions.textfile import TextFile, text_file
from secant.rewriting.source import parses

_LINE_END = re.compile("\r\n?")
_HEADER = re.compile(r"#!|#.*coding[:=]")
_BUILTINS = frozenset(dir(builtins))


class NoSuchFunction(WriteRefused):
    """The text does not define the function, or is no Python as far as the Python that runs Secant can tell."""


class Landing(NamedTuple):
    """A file with a candidate in it."""

    file: TextFile
    first_line: int
    """Of the function, decorators included."""
    changed_from: int
    """The first line that is not the old file's."""
    added: str = ""
    """Imports and helpers that are new to the module, at column 0; empty for most candidates."""
    added_line: int = 1
    """The line of the file that the first line of `added` would have, were the imports right above the helpers."""
    quiet: bool = True
    """Running what was added, on import, evaluates nothing of the module's own: it may as well run later."""
    spans: tuple[tuple[int, int, int], ...] = ()
    """First line in the file, number of lines, first line in the candidate's text: of the function and each helper."""

    @property
    def function(self) -> str:
        """The function's text."""
        return self.file.excerpt(self.first_line, self.first_line + self.spans[0][1] - 1)

    def line_in_text(self, line: int) -> int | None:
        """A line of the file in lines of the candidate's text; None where it is none of them."""
        return next((text + line - first for first, count, text in self.spans if 0 <= line - first < count), None)


def normalised(text: str) -> str:
    """A candidate's text as all of Secant holds it: "\\n" line ends, and one after the last line."""
    return _LINE_END.sub("\n", text).rstrip("\n") + "\n"


def land(located: LocatedFunction, text: str) -> Landing:
    """The file with `text` in it. Raises WriteRefused where that cannot be, with the reason."""
    try:
        parts = split(normalised(text), located.name)
    except NotDefinedError as error:
        raise _no_function(located, str(error)) from error
    except NotSeparableError as error:
        raise _refused(located, f"the new text is not exactly one function definition: {error}") from error
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _no_function(located) from error
    if parts.none and not parses(parts.function):
        raise _no_function(located)
    if not parts.none:
        parts = _Newcomers(located, parts).wanted()
    return _Builder(located, parts).landing()


class _Newcomers:
    """What of a candidate's additions is new to the module. Refuses names that mean something there already."""

    def __init__(self, located: LocatedFunction, parts: Additions) -> None:
        self._located = located
        self._parts = parts
        self._tree = parse_module(located.file)
        self._facts = facts(located.file, located)
        known = (self._facts.module_functions, self._facts.module_classes, self._facts.module_values)
        self._taken = {name for names in known for name in names}
        self._used = _names_outside(self._tree, located)
        self._statements = {ast.dump(node) for node in self._tree.body}

    def wanted(self) -> Additions:
        """The parts without what the module has already, word for word."""
        imports = tuple(dict.fromkeys(item for item in self._parts.imports if not self._is_there(item)))
        helpers = tuple(item for item in self._parts.helpers if ast.dump(item.node) not in self._statements)
        added: dict[str, str] = {}
        for item in imports:
            if item.origin not in (self._facts.imports.get(item.local), added.get(item.local)):
                self._require_free(item.local, added)
            added[item.local] = item.origin
        for name in [name for helper in helpers for name in helper.names]:
            self._require_free(name, added)
            added[name] = ""
        return self._parts._replace(imports=imports, helpers=helpers)

    def _is_there(self, item: Import) -> bool:
        if item.module == "__future__":
            flags = [n for s in self._tree.body if isinstance(s, ast.ImportFrom) and s.module == "__future__"
                     for n in s.names]  # fmt: skip
            if item.name not in {flag.name for flag in flags}:
                raise _refused(self._located, f"`from __future__ import {item.name}` would change the whole module")
            return True
        if item.name is None and item.alias is None and "." in item.module:
            return any(isinstance(s, ast.Import) and item.module in {a.name for a in s.names} for s in self._tree.body)
        return self._facts.imports.get(item.local) == item.origin

    def _require_free(self, name: str, added: Collection[str]) -> None:
        method = self._located.class_name is not None
        if name in self._taken or name in self._facts.imports:
            why = "which the module has already"
        elif name in added:
            why = "twice"
        elif name in _BUILTINS:
            why = "which is a built-in one, for the whole module"
        elif name in self._used:
            why = "which other code of the module uses"
        elif method and name.startswith("__") and not name.endswith("__"):
            why = "which means another one inside of a class"
        else:
            return
        raise _refused(self._located, f"it adds the name {name}, {why}".replace(", twice", " twice"))


class _Builder:
    def __init__(self, located: LocatedFunction, parts: Additions) -> None:
        self._located = located
        self._parts = parts

    def landing(self) -> Landing:
        located, parts = self._located, self._parts
        lines = parts.function.removesuffix("\n").split("\n")
        raw = located.file.spliced(located.first_line, located.last_line, lines)
        first, changed, spans = located.first_line, located.first_line, []
        file = self._file(raw)
        if parts.helpers:
            above, block = self._home(), self._block()
            file = _inserted(file, above, block)
            spans = self._spans(above)
            first, changed = first + len(block), above
        if parts.imports:
            place, block = self._import_block()
            file = _inserted(file, place, block)
            spans = [(line + len(block), count, text) for line, count, text in spans]
            first, changed = first + len(block), min(changed, place)
        self._verify(file, first)
        function = (first, len(lines), parts.line)
        added = "".join(f"{item.line}\n" for item in parts.imports) + "".join(f"{line}\n" for line in self._block())
        line = spans[0][0] - len(parts.imports) if spans else 1
        return Landing(file, first, changed, added, line, self._quiet(), (function, *spans))

    # Helpers

    def _home(self) -> int:
        """The line that the helpers go before: the outermost statement around the function, with its comments."""
        above = 0
        for node in parse_module(self._located.file).body:
            if last_line(node) >= self._located.first_line:
                break
            above = last_line(node)
        else:
            raise _refused(self._located, "the function's place was not found")
        lines = self._located.file.lines
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        line = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        while decorators and line - 1 > above and not lines[line - 1].lstrip().startswith("@"):
            line -= 1
        while line - 1 > above and lines[line - 2].startswith("#") and not _is_header(lines, line - 1):
            line -= 1
        return line

    def _block(self) -> list[str]:
        return [line for _, lines in self._blocks() for line in lines]

    def _blocks(self) -> Iterator[tuple[Helper, list[str]]]:
        """Each helper with the blank lines behind it: none between constants, two otherwise."""
        helpers = self._parts.helpers
        for helper, following in zip_longest(helpers, helpers[1:]):
            constants = not _is_block(helper.node) and following is not None and not _is_block(following.node)
            yield helper, [*helper.text.split("\n"), *([] if constants else ["", ""])]

    def _spans(self, line: int) -> list[tuple[int, int, int]]:
        spans: list[tuple[int, int, int]] = []
        for helper, lines in self._blocks():
            spans.append((line, helper.text.count("\n") + 1, helper.line))
            line += len(lines)
        return spans

    # Imports

    def _import_block(self) -> tuple[int, list[str]]:
        """The line that the imports go before, and their lines with the blank ones around."""
        lines = [item.line for item in self._parts.imports]
        body = parse_module(self._located.file).body
        docstring = bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        last, rest = 0, body[docstring:]
        while rest and (isinstance(rest[0], ast.Import | ast.ImportFrom) or rest[0].lineno <= last):
            last, rest = max(last, last_line(rest[0])), rest[1:]
        if last:
            return last + 1, lines
        if docstring:
            return last_line(body[0]) + 1, ["", *lines]
        return self._top(), [*lines, "", ""] if rest and _is_block(rest[0]) else [*lines, ""]

    def _top(self) -> int:
        """Behind the file's header: what must be its first lines, or a comment that an empty line sets apart."""
        lines = self._located.file.lines
        end = 0
        while end < len(lines) and lines[end].startswith("#"):
            end += 1
        if end and end < len(lines) and not lines[end].strip():
            return end + 2
        return 1 + sum(1 for line in (1, 2) if line <= end and _is_header(lines, line))

    # The whole

    def _quiet(self) -> bool:
        """Imports of the standard library, and functions whose headers name built-ins only."""
        imports = (item.module.partition(".")[0] for item in self._parts.imports)
        return all(map(_is_standard, imports)) and all(
            _evaluates_nothing(helper.node) for helper in self._parts.helpers
        )

    def _file(self, raw: bytes) -> TextFile:
        try:
            return text_file(self._located.path, raw)
        except SecantError as error:
            raise _refused(self._located, f"with the new text the file would not be right ({error.message})") from error

    def _verify(self, file: TextFile, first: int) -> None:
        located = self._located
        try:
            found = locate(file, Target(path=file.path, line=first))
        except SecantError as error:
            raise _refused(located, f"with the new text the file would not be right ({error.message})") from error
        if (found.qualname, found.first_line, found.text) != (located.qualname, first, self._parts.function):
            raise _refused(located, f"the new text would not be {located.qualname} at the same place")


def _inserted(file: TextFile, line: int, new: Sequence[str]) -> TextFile:
    """The file with new lines before `line`, which exists."""
    raw = file.spliced(line, line, [*new, file.lines[line - 1]])
    return text_file(file.path, raw)


def _is_header(lines: Sequence[str], line: int) -> bool:
    """Whether the line means something to the system or to Python where it stands."""
    return line <= 2 and bool(_HEADER.match(lines[line - 1]))


def _is_block(node: ast.stmt) -> bool:
    return isinstance(node, FunctionNode | ast.ClassDef)


def _is_standard(module: str) -> bool:
    return module in sys.stdlib_module_names


def _evaluates_nothing(node: ast.stmt) -> bool:
    """Whether defining the helper looks up built-in names at most."""
    if not isinstance(node, FunctionNode):
        return False
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    annotations = [a.annotation for a in every if a is not None]
    looked_at = [*node.decorator_list, *arguments.defaults, *arguments.kw_defaults, *annotations, node.returns]
    names = {n.id for e in looked_at if e is not None for n in ast.walk(e) if isinstance(n, ast.Name)}
    return names <= _BUILTINS


def _names_outside(tree: ast.Module, located: LocatedFunction) -> set[str]:
    """The global names that code of the module outside of the function uses; around a nested one, all names."""

    def is_outside(line: int) -> bool:
        return not located.first_line <= line <= located.last_line

    if located.unit != located.qualname:
        return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and is_outside(n.lineno)}
    top = symtable.symtable(located.file.text, str(located.path), "exec")
    names, stack = {symbol.get_name() for symbol in top.get_symbols()}, top.get_children()
    while stack:
        table = stack.pop()
        if is_outside(table.get_lineno()):
            names |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
            stack += table.get_children()
    return names


def _no_function(located: LocatedFunction, why: str = "it does not parse") -> NoSuchFunction:
    message = f"the new text is not exactly one function definition: {why}"
    return NoSuchFunction(message, hint="Nothing was written.", where=f"{located.path}:{located.first_line}")


def _refused(located: LocatedFunction, message: str) -> WriteRefused:
    where = f"{located.path}:{located.first_line}"
    return WriteRefused(message, hint="Nothing was written.", where=where)
