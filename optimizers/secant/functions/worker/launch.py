"""Start the worker inside the user's interpreter: `python launch.py REQUEST_FD RESPONSE_FD MODE`.

The folder of this file must not stay on `sys.path` (it would shadow the user's modules), and the first entry must be
the working folder, as it is for `python -m pytest`.
"""

from __future__ import annotations

import importlib.util
import os
import sys


def _package(folder: str) -> None:
    """Load the folder as the package `_secant_worker`, without putting it on the path."""
    location = os.path.join(folder, "__init__.py")
    spec = importlib.util.spec_from_file_location("_secant_worker", location, submodule_search_locations=[folder])
    if spec is None or spec.loader is None:
        raise ImportError("the worker cannot be loaded from %s" % location)
    module = importlib.util.module_from_spec(spec)
    sys.modules["_secant_worker"] = module
    spec.loader.exec_module(module)


def main() -> None:
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.getcwd()) != folder]
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    requests, responses = int(sys.argv[1]), int(sys.argv[2])
    mode = sys.argv[3]
    sys.argv[:] = ["pytest"]
    _package(folder)
    importlib.import_module("_secant_worker.serve").serve(requests, responses, mode)


if __name__ == "__main__":
    main()
