"""The source of the tests that judge, by node id: text and syntax of test files, read where they are run from."""

from __future__ import annotations

import ast
from functools import cached_property
from pathlib import Path

from secant.errors import SecantError
from secant.functions.definitions import Definitions, definitions, first_line, last_line, last_name
from secant.functions.syntax import parse_module
from secant.functions.textfile import TextFile, read_text_file

_MOST_DECORATOR_LINES = 6


class TestSources:
    """Reads each file once, when one of its tests is first asked for."""

    __test__ = False

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, _Module | None] = {}

    def source(self, test: str, most: int = 1500) -> str:
        """The test function's text without common indentation, cut at `most` characters; empty where it is no function.

        Of decorators that fill many lines (tables of parameters) only the test's own name tells.
        """
        file, *names = test.partition("[")[0].split("::")
        module = self._module(file)
        return module.function(names, most) if module is not None and names else ""

    def line(self, test: str, number: int) -> str:
        """A line of the test's file, without what surrounds it."""
        module = self._module(test.partition("::")[0])
        lines = module.file.lines if module is not None else ()
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def _module(self, file: str) -> _Module | None:
        if file not in self._files:
            self._files[file] = self._read(file)
        return self._files[file]

    def _read(self, file: str) -> _Module | None:
        if not file.endswith(".py"):
            return None
        try:
            return _Module(read_text_file(self._root / file))
        except SecantError:  # gone meanwhile; a feedback without the test's text is still one
            return None


class _Module:
    def __init__(self, file: TextFile) -> None:
        self.file = file

    @cached_property
    def _found(self) -> Definitions:
        return definitions(parse_module(self.file))

    def function(self, names: list[str], most: int) -> str:
        try:
            node = self._node(".".join(names), set())
        except SecantError:
            return ""
        if node is None:
            return ""
        start = first_line(node)
        if node.lineno - start > _MOST_DECORATOR_LINES:
            start = node.lineno
        elif start < node.lineno and not self.file.lines[start - 1].lstrip().startswith("@"):
            start -= 1
        return bounded(dedented(self.file.excerpt(start, last_line(node))), most)

    def _node(self, name: str, seen: set[str]) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function, in a class also one that it inherits within the file."""
        own = [item.node for item in self._found.functions if item.qualname == name]
        if own or name in seen:
            return own[-1] if own else None
        owner, _, last = name.rpartition(".")
        for item in self._found.classes:
            if item.qualname == owner:
                bases = (self._node(f"{last_name(base)}.{last}", seen | {name}) for base in item.node.bases)
                return next((node for node in bases if node is not None), None)
        return None


def dedented(text: str) -> str:
    """The text with the first line's margin taken from every line that has it."""
    lines = text.split("\n")
    margin = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    return "\n".join(line.removeprefix(margin) for line in lines)


def bounded(text: str, most: int) -> str:
    """Whole lines up to `most` characters, and how many are left out."""
    text = text.rstrip("\n")
    if len(text) <= most:
        return text
    lines = text.split("\n")
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if size > most:
            break
        kept.append(line)
    kept = kept or [lines[0][:most]]
    left = len(lines) - len(kept)
    return "\n".join([*kept, f"... ({left} more lines)" if left else "..."])
