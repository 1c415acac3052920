"""The project around a file, as pytest would see it: its root, its configuration, the names its modules go by.

Configuration is read, never executed: no conftest is imported and no setup.py runs. pytest itself has the last word
when the worker starts; what is found here is for static discovery and for messages.
"""

from __future__ import annotations

import configparser
import os
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict

from secant.errors import ConfigError
from secant.functions.settings import Settings, read_settings

_CONFIG_FILES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
"""In the order in which pytest looks for them in one folder."""
_NORECURSE = ("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}")
_SYS_PATH = re.compile(r"sys\.path\.(?:insert|append)\((?P<arguments>.*)\)\s*(?:#.*)?$", re.MULTILINE)
_QUOTED = re.compile(r"""["']([\w./-]+)["']""")

Options = Mapping[str, object]


class Project(BaseModel):
    """Where a project begins and what its pytest configuration says about finding tests."""

    model_config = ConfigDict(frozen=True, defer_build=True, extra="forbid")

    root: Path
    """pytest's rootdir."""
    config_file: Path | None = None
    """The file whose pytest options count; None where no file has any."""
    testpaths: tuple[str, ...] = ()
    python_files: tuple[str, ...] = ("test_*.py", "*_test.py")
    pythonpath: tuple[str, ...] = ()
    norecursedirs: tuple[str, ...] = _NORECURSE
    addopts: tuple[str, ...] = ()
    settings: Settings = Settings()

    def is_test_file(self, path: Path) -> bool:
        """Whether pytest would collect the file by its name."""
        return any(fnmatch(path.as_posix() if "/" in pattern else path.name, pattern) for pattern in self.python_files)

    def module_names(self, path: Path) -> tuple[str, ...]:
        """The dotted names by which a file may be imported, the likeliest first.

        `src/shop/pricing.py` is `shop.pricing` where `src` is on the path, but a test may also say `src.shop.pricing`.
        """
        path = absolute(path)
        bases = dict.fromkeys([*self._import_bases, *_package_base(path), *_parents(path, self.root)])
        names = (_dotted(path, base) for base in bases)
        return tuple(dict.fromkeys(name for name in names if name))

    @cached_property
    def _import_bases(self) -> tuple[Path, ...]:
        """Folders that configuration or convention puts on `sys.path`."""
        configured = [absolute(self.root / entry) for entry in self.pythonpath]
        source = self.root / "src"
        conventional = [source] if source.is_dir() and not (source / "__init__.py").exists() else []
        return (*configured, *_conftest_paths(self.root), *conventional)


def find_project(path: Path) -> Project:
    """The project that a file or folder belongs to.

    The folder of the nearest file with pytest options; else of the nearest setup.py; else of the nearest
    pyproject.toml or repository; else the one above the file's package, or above `src`.
    Raises ConfigError where a configuration is not readable.
    """
    start = absolute(path if path.is_dir() else path.parent)
    settings = read_settings(start)
    for folder in (start, *start.parents):
        for name in _CONFIG_FILES:
            options = _options(folder / name)
            if options is not None:
                return _project(folder, folder / name, options, settings)
    return Project(root=_root_without_options(start), settings=settings)


def _project(root: Path, config_file: Path, options: Options, settings: Settings) -> Project:
    read = _reader(config_file, options)
    return Project(
        root=root,
        config_file=config_file,
        testpaths=read("testpaths", ()),
        python_files=read("python_files", ("test_*.py", "*_test.py")),
        pythonpath=read("pythonpath", ()),
        norecursedirs=read("norecursedirs", _NORECURSE),
        addopts=read("addopts", ()),
        settings=settings,
    )


def _reader(config_file: Path, options: Options) -> Callable[[str, tuple[str, ...]], tuple[str, ...]]:
    def read(name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        match options.get(name):
            case None:
                return default
            case str() as text:
                try:
                    return tuple(shlex.split(text, comments=True))
                except ValueError as error:
                    raise ConfigError(f"pytest's {name} cannot be read: {error}", where=str(config_file)) from error
            case list():
                return tuple(str(item) for item in cast("list[object]", options[name]))
            case other:
                raise ConfigError(f"pytest's {name} is neither text nor a list: {other!r}", where=str(config_file))

    return read


def _root_without_options(start: Path) -> Path:
    folders = (start, *start.parents)
    for markers in (("setup.py",), ("pyproject.toml", "setup.cfg", ".git", ".hg")):
        for folder in folders:
            if any((folder / marker).exists() for marker in markers):
                return folder
    base = next(_package_base(start / "_.py"))
    return base.parent if base.name == "src" or (base.parent / "conftest.py").exists() else base


# --- configuration files


def _options(path: Path) -> Options | None:
    """pytest's options in a file; None where the file has no say. An empty pytest.ini has."""
    if not path.is_file():
        return None
    if path.suffix == ".toml":
        return _toml_options(path)
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(path.read_text("utf-8-sig"))
    except (configparser.Error, OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    section = "tool:pytest" if path.name == "setup.cfg" else "pytest"
    if parser.has_section(section):
        return dict(parser.items(section))
    return {} if path.name.endswith("pytest.ini") else None


def _toml_options(path: Path) -> Options | None:
    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    if path.name != "pyproject.toml":
        return _table(document, "pytest") or {}
    tool = _table(_table(document, "tool") or {}, "pytest")
    if tool is None:
        return None
    options = _table(tool, "ini_options")
    native = {name: value for name, value in tool.items() if name != "ini_options"}
    return options if options is not None else native


def _table(document: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = document.get(name)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _unreadable(path: Path, error: Exception) -> ConfigError:
    return ConfigError(f"the configuration cannot be read: {error}", hint="Correct it first.", where=str(path))


# --- names of modules


def _package_base(path: Path) -> Iterator[Path]:
    """The folder above the file's outermost package, which pytest's default import mode puts on `sys.path`."""
    folder = path.parent
    while (folder / "__init__.py").exists() and folder.parent != folder:
        folder = folder.parent
    yield folder


def _parents(path: Path, root: Path) -> Sequence[Path]:
    """The folders between a file's outermost package and the root, innermost first."""
    base = next(_package_base(path))
    return [folder for folder in (base, *base.parents) if folder.is_relative_to(root)]


def _conftest_paths(root: Path) -> Iterator[Path]:
    """Folders that a conftest.py adds to `sys.path` in so many words: `sys.path.insert(0, ... "src")`."""
    for folder in (root, root / "tests", root / "test"):
        try:
            text = (folder / "conftest.py").read_text("utf-8", "replace")
        except OSError:
            continue
        for match in _SYS_PATH.finditer(text):
            words = _QUOTED.findall(match["arguments"])
            for base in (folder, root):
                added = absolute(base.joinpath(*words))
                if words and added.is_dir():
                    yield added


def _dotted(path: Path, base: Path) -> str | None:
    if not path.is_relative_to(base):
        return None
    parts = path.relative_to(base).with_suffix("").parts
    if parts[-1] == "__init__":
        parts = parts[:-1]
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else None


def package_base(path: Path) -> tuple[Path, ...]:
    """The folder above the file's outermost package, from which it is imported; none for a file in no package."""
    return tuple(_package_base(path)) if (path.parent / "__init__.py").exists() else ()


def absolute(path: Path) -> Path:
    """Absolute and without `..`, but with links as they are: a project is where its user sees it."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links
