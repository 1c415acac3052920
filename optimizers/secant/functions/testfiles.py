"""The test files that could test a function, the likeliest first, each with the reason.

Read, not run: imports and names in the text. What the tests really reach, one coverage run shows later; this says where
to look, so that a project of thousands of test files is not run as a whole. A file that does not parse is reported.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from secant.errors import SecantError
from secant.functions.buffers import Buffers
from secant.functions.definitions import statements
from secant.functions.locate import LocatedFunction
from secant.functions.project import Project
from secant.functions.syntax import parse_module
from secant.functions.target import dotted_name
from secant.functions.textfile import text_file

_ALWAYS_SKIPPED = frozenset({"__pycache__", "site-packages", "node_modules", ".git"})
_IMPORT_CALL = re.compile(r"""\b(?:import_module|__import__|importorskip)\(\s*["']([\w.]+)["']""")
_WORD = re.compile(r"\w+")


class Relevance(IntEnum):
    """Why a test file may test the function; smaller is likelier."""

    IMPORTS_AND_NAMES = 0
    IMPORTS = 1
    NAMES = 2
    NEAR = 3


class TestFile(BaseModel):
    """A test file and why it was chosen."""

    __test__ = False
    model_config = ConfigDict(frozen=True, defer_build=True, extra="forbid")

    path: Path
    relevance: Relevance
    why: str
    """For a person: `imports shop.pricing and names best_bundle`."""
    problem: str | None = None
    """Why the file cannot be read; its tests cannot be collected either."""


def candidates(project: Project, located: LocatedFunction, buffers: Buffers = Buffers()) -> list[TestFile]:  # noqa: B008 an immutable default
    """The test files that import or name the function, or whose own name says that they test its module.

    The project's testpaths and the function's own folder are searched, and where no file there imports it, all of it.
    `buffers` are read in place of the files on disk, and one that has no file yet is a file like any other.
    """
    subject = _Subject.of(project, located)
    reader = _Reader(project, subject, buffers)
    found: dict[Path, TestFile | None] = {}
    for files in (_usual_files(project, subject), files_below(project, project.root)):
        for path in files:
            if path not in found:
                found[path] = reader.judged(path)
        if any(item and item.relevance <= Relevance.IMPORTS for item in found.values()):
            break
    found |= {path: reader.judged(path) for path in buffers.new_below(project.root) if project.is_test_file(path)}
    chosen = [item for item in found.values() if item]
    chosen += _doctests(project, located, {item.path for item in chosen})
    return sorted(chosen, key=lambda item: (item.relevance, not subject.sounds_like(item.path), str(item.path)))


def files_below(project: Project, start: Path) -> Iterator[Path]:
    """The files below `start` that pytest would collect by name, in a stable order; environments are skipped."""
    if start.is_file():
        yield start
        return
    for folder, folders, names in os.walk(start):
        folders[:] = sorted(name for name in folders if not _is_skipped(project, Path(folder, name)))
        yield from (path for name in sorted(names) if project.is_test_file(path := Path(folder, name)))


def _is_skipped(project: Project, folder: Path) -> bool:
    if folder.name in _ALWAYS_SKIPPED or any(fnmatch(folder.name, pattern) for pattern in project.norecursedirs):
        return True
    return (folder / "pyvenv.cfg").exists() or (folder / "conda-meta").is_dir()


def _usual_files(project: Project, subject: _Subject) -> Iterator[Path]:
    """The files of the testpaths, those beside the function's file, and those of a `tests` folder there."""
    for pattern in project.testpaths:
        for start in sorted(project.root.glob(pattern)):
            yield from files_below(project, start)
    beside = subject.path.parent
    yield from (path for path in sorted(beside.glob("*.py")) if project.is_test_file(path))
    for name in ("tests", "test"):
        yield from files_below(project, beside / name)


def _doctests(project: Project, located: LocatedFunction, already: set[Path]) -> Iterator[TestFile]:
    """The function's own file, where pytest runs the examples in its docstrings."""
    path = located.path.absolute()
    if "--doctest-modules" in project.addopts and ">>>" in located.file.text and path not in already:
        why = "has doctest examples (--doctest-modules)"
        yield TestFile(path=path, relevance=Relevance.IMPORTS_AND_NAMES, why=why)


# --- one file


class _Subject(NamedTuple):
    """What a test would have to mention."""

    path: Path
    modules: tuple[str, ...]
    """Dotted names of the function's module."""
    packages: tuple[str, ...]
    """Dotted names of the packages above it, which may hand its names on."""
    outer: str
    """What a test imports: the function, or the class around it."""
    name: str
    """What a test calls: the function's own name, or for `__len__` and the like the name of its class."""

    @classmethod
    def of(cls, project: Project, located: LocatedFunction) -> _Subject:
        modules = project.module_names(located.path)
        packages = {module.rpartition(".")[0]: None for module in modules if "." in module}
        parts = dotted_name(located.unit).split(".")
        special = parts[-1].startswith("__") and len(parts) > 1
        return cls(located.path.absolute(), modules, tuple(packages), parts[0], parts[-2] if special else parts[-1])

    def sounds_like(self, path: Path) -> bool:
        """Whether the file's name says that it tests this module: `test_pricing.py` or `pricing_test.py`."""
        own = self.path.parent.name if self.path.stem == "__init__" else self.path.stem
        return path.stem in (f"test_{own}", f"{own}_test", f"test_{own}s")


class _Text(BaseModel):
    """What a file's text mentions."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    text: str = ""
    imports: frozenset[str] = frozenset()
    """Dotted names: of `from shop.pricing import rate`, `shop.pricing` and `shop.pricing.rate`; of `import shop` and
    `from shop import *`, `shop` and `shop.*`."""
    problem: str | None = None

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.text))


def _any_of(words: set[str]) -> re.Pattern[bytes]:
    """Finds any of the words in a file's bytes; anything at all where a word's bytes depend on the file's encoding."""
    if not all(word.isascii() for word in words):
        return re.compile(b"")
    return re.compile(rf"\b(?:{'|'.join(sorted(words))})\b".encode())


class _Reader:
    """Reads test files, and the conftest files above them once each."""

    def __init__(self, project: Project, subject: _Subject, buffers: Buffers) -> None:
        self._project = project
        self._subject = subject
        self._buffers = buffers
        self._conftests: dict[Path, _Text] = {}
        words = {subject.name, subject.outer, *(module.rpartition(".")[2] for module in subject.modules)}
        self._any_word = _any_of(words)

    def judged(self, path: Path) -> TestFile | None:
        """The file with its reason; None where nothing connects it with the function."""
        if path == self._subject.path:
            return TestFile(path=path, relevance=Relevance.IMPORTS_AND_NAMES, why="holds the function itself")
        text, name = self._read(path), self._subject.name
        named = name in text.words
        conftest = self._through_conftest(path)
        if module := self._import_in(text):
            relevance, why = (Relevance.IMPORTS_AND_NAMES if named else Relevance.IMPORTS), f"imports {module}"
        elif named:
            relevance, why = (Relevance.IMPORTS_AND_NAMES if conftest else Relevance.NAMES), conftest
        elif conftest and self._conftest_names(path):  # a fixture may hand the function on
            relevance, why = Relevance.NAMES, conftest
        elif self._subject.sounds_like(path):
            relevance, why = Relevance.NEAR, f"is called {path.name}"
        else:
            return None
        reasons = [why, f"names {name}"] if named else [why]
        why = " and ".join(reason for reason in reasons if reason)
        return TestFile(path=path, relevance=relevance, why=why, problem=text.problem)

    def _through_conftest(self, path: Path) -> str:
        """How a conftest above the file knows the function's module; empty where none does."""
        for folder in self._folders(path):
            if folder / "conftest.py" == self._subject.path:
                return "its conftest.py holds the function"
            if module := self._import_in(self._conftest(folder)):
                return f"its conftest.py imports {module}"
        return ""

    def _conftest_names(self, path: Path) -> bool:
        return any(self._subject.name in self._conftest(folder).words for folder in self._folders(path))

    def _folders(self, path: Path) -> list[Path]:
        return [folder for folder in path.parents if folder.is_relative_to(self._project.root)]

    def _import_in(self, text: _Text) -> str | None:
        """The name by which a text imports the module, or the function from a package that hands it on."""
        for module in self._subject.modules:
            if module in text.imports:
                return module
        for package in self._subject.packages:
            handed_on = f"{package}.{self._subject.outer}"
            if handed_on in text.imports:
                return handed_on
            if f"{package}.*" in text.imports and self._subject.outer in text.words:
                return package
        return None

    def _conftest(self, folder: Path) -> _Text:
        if folder not in self._conftests:
            path = folder / "conftest.py"
            self._conftests[folder] = self._read(path) if self._buffers.holds(path) else _Text()
        return self._conftests[folder]

    def _read(self, path: Path) -> _Text:
        """What the file mentions; nothing where a look at its bytes shows that none of it matters."""
        try:
            raw = self._buffers.data(path)
        except OSError as error:
            return _Text(problem=f"{path}: it cannot be read: {error.strerror}")
        if not self._any_word.search(raw):
            return _Text()
        try:
            file = text_file(path, raw)
            tree = parse_module(file)
        except SecantError as error:
            return _Text(text=raw.decode("utf-8", "replace"), problem=str(error))
        by_call = (name for module in _IMPORT_CALL.findall(file.text) for name in (module, f"{module}.*"))
        return _Text(text=file.text, imports=frozenset([*self._imports(path, tree), *by_call]))

    def _imports(self, path: Path, tree: ast.Module) -> Iterator[str]:
        for statement in statements(tree):
            match statement:
                case ast.Import(names=names):
                    for alias in names:
                        yield from (alias.name, f"{alias.name}.*")
                case ast.ImportFrom(module=module, names=names, level=level):
                    for base in self._absolute(path, module or "", level):
                        yield base
                        yield from (f"{base}.{alias.name}" for alias in names)
                case _:
                    pass

    def _absolute(self, path: Path, module: str, level: int) -> Sequence[str]:
        """The modules that a possibly relative import may mean."""
        if not level:
            return (module,)
        names = self._project.module_names(path)  # of `tests.shop.test_pricing`, level 1 means `tests.shop`
        packages = (name.split(".")[:-level] for name in names if name.count(".") >= level)
        return [".".join([*package, module] if module else package) for package in packages]
