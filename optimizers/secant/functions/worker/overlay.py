"""Serve the text of one module from memory: unsaved buffers, probed originals, candidates on the import path.

The finder stands first on `sys.meta_path`. It recognises the module by the file that the other finders would load, so
every way of importing it (package, src layout, editable install, path hook, pytest's own rewriting of test files)
leads here. Who reads source through `linecache` (tracebacks, `inspect.getsource`) is given the same text; who opens the
file itself sees what is on disk.
"""

from __future__ import annotations

import ast
import importlib.machinery
import linecache
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, ModuleType
from typing import Any


class OverlayLoader(importlib.machinery.SourceFileLoader):
    """Loads the file's module from the overlay's text; nothing is cached on disk."""

    def __init__(self, fullname: str, path: str, overlay: Overlay) -> None:
        super().__init__(fullname, path)
        self._overlay = overlay

    def get_code(self, fullname: str) -> CodeType:
        return self._overlay.code()

    def get_source(self, fullname: str) -> str:
        return self._overlay.text

    def exec_module(self, module: ModuleType) -> None:
        self._overlay.loaded.append(module)
        module.__dict__.update(self._overlay.names)
        exec(self._overlay.code(), module.__dict__)


class Overlay:
    """A meta path finder for one file.

    `transform(tree)` changes the module's syntax tree before it is compiled (probes); `names` are bound in the module
    before its code runs.
    """

    def __init__(
        self,
        path: str,
        text: str,
        transform: Callable[[ast.Module], object] | None = None,
        names: Mapping[str, Any] | None = None,
    ) -> None:
        self.path = os.path.realpath(path)
        self.names = dict(names or {})
        self.loaded: list[ModuleType] = []
        self._rewrite: Callable[[ast.Module, bytes, str], None] | None = None
        stem = os.path.splitext(os.path.basename(path))[0]
        self._last_name = os.path.basename(os.path.dirname(self.path)) if stem == "__init__" else stem
        self.replace(text, transform)

    def install(self) -> None:
        """Go first on the import path; again when another finder (pytest's) has gone before this one."""
        sys.meta_path[:] = [self, *(finder for finder in sys.meta_path if finder is not self)]

    def replace(self, text: str, transform: Callable[[ast.Module], object] | None = None) -> None:
        """Serve this text from now on."""
        self.text = text
        self._transform = transform
        self._code: CodeType | None = None
        lines = [line + "\n" for line in text.split("\n")]
        linecache.cache[self.path] = (len(text), None, lines, self.path)

    def code(self) -> CodeType:
        """The text's code object."""
        if self._code is None:
            tree = ast.parse(self.text, self.path)
            if self._rewrite is not None:
                self._rewrite(tree, self.text.encode("utf-8", "replace"), self.path)
            if self._transform is not None:
                self._transform(tree)
            self._code = compile(tree, self.path, "exec", dont_inherit=True)
        return self._code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.rpartition(".")[2] != self._last_name:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                return self._redirected(spec, fullname)
        return None

    def _redirected(self, spec: importlib.machinery.ModuleSpec, fullname: str) -> importlib.machinery.ModuleSpec | None:
        if not spec.origin or os.path.realpath(spec.origin) != self.path:
            return None
        self._rewrite = _assertion_rewriter(spec.loader)
        spec.loader = OverlayLoader(fullname, spec.origin, self)
        spec.cached = None
        return spec


def _assertion_rewriter(loader: object) -> Callable[[ast.Module, bytes, str], None] | None:
    """`rewrite(tree, source, path)` where pytest would rewrite the module's assertions; None elsewhere."""
    try:
        from _pytest.assertion import rewrite  # noqa: PLC0415 because it is pytest's own and may move
    except ImportError:
        return None
    if not isinstance(loader, rewrite.AssertionRewritingHook):
        return None
    return lambda tree, source, path: rewrite.rewrite_asserts(tree, source, path, loader.config)


def spliced(module_text: str, first_line: int, last_line: int, text: str) -> str:
    """The module with the lines from `first_line` to `last_line` (1-based, inclusive) replaced by `text`."""
    lines = module_text.split("\n")
    return "\n".join(lines[: first_line - 1] + text.rstrip("\n").split("\n") + lines[last_line:])
