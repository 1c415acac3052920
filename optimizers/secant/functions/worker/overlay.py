"""Serve the text of one module from memory: unsaved buffers, probed originals, candidates on the import path.

The finder stands first on `sys.meta_path`. It recognises the module by the file that the other finders would load, so
every way of importing it (package, src layout, editable install, path hook) leads here. A module that pytest would
rewrite (a test file) loses only the wording of its assertion messages.
"""

import importlib.machinery
import os
import sys


class OverlayLoader(importlib.machinery.SourceFileLoader):
    """Loads the file's module from a tree made of the overlay's text; nothing is cached on disk."""

    def __init__(self, fullname, path, overlay):
        super().__init__(fullname, path)
        self._overlay = overlay

    def get_code(self, fullname):
        return self._overlay.code()

    def exec_module(self, module):
        self._overlay.loaded.append(module)
        module.__dict__.update(self._overlay.names)
        exec(self._overlay.code(), module.__dict__)


class Overlay:
    """A meta path finder for one file.

    `compile_text` turns (text, filename) into a code object, so probes can be put in; `names` are bound in the module
    before its code runs.
    """

    def __init__(self, path, text, compile_text, names):
        self.path = os.path.realpath(path)
        self.text = text
        self.names = names
        self.loaded = []
        self._compile = compile_text
        self._code = None
        stem = os.path.splitext(os.path.basename(path))[0]
        self._last_name = os.path.basename(os.path.dirname(self.path)) if stem == "__init__" else stem

    def install(self):
        sys.meta_path.insert(0, self)

    def code(self):
        if self._code is None:
            self._code = self._compile(self.text, self.path)
        return self._code

    def find_spec(self, fullname, path=None, target=None):
        if fullname.rpartition(".")[2] != self._last_name:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                return self._redirected(spec, fullname)
        return None

    def _redirected(self, spec, fullname):
        if not spec.origin or os.path.realpath(spec.origin) != self.path:
            return None
        spec.loader = OverlayLoader(fullname, spec.origin, self)
        spec.cached = None
        return spec
