"""Keeps a library's prints off stdout while it works, where another program or a pipe may be listening.

Writers are told apart by their thread: descriptor 1 itself cannot be turned round, because the command line writes its
own results to it while models are asked. Whoever speaks a protocol on stdout keeps a private descriptor (machine.py).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, TextIO, cast

_lock = threading.Lock()
_depth = 0


class _Parted:
    """stdout for the threads that were there before; stderr for the one that works, and those that it starts."""

    def __init__(self, stdout: TextIO, known: frozenset[int]) -> None:
        self.stdout = stdout
        self.known = known

    def _chosen(self) -> TextIO:
        return self.stdout if threading.get_ident() in self.known else sys.stderr

    def write(self, text: str) -> int:
        return self._chosen().write(text)

    def flush(self) -> None:
        self._chosen().flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stdout, name)


@contextmanager
def quiet() -> Generator[None]:
    """What this thread, or a thread that is started meanwhile, prints goes to stderr. May be entered many times."""
    global _depth  # noqa: PLW0603 - sys.stdout is one for the whole process as well
    with _lock:
        _depth += 1
        if not isinstance(sys.stdout, _Parted):
            here = threading.get_ident()
            known = frozenset(t.ident for t in threading.enumerate() if t.ident is not None and t.ident != here)
            sys.stdout = cast("TextIO", _Parted(sys.stdout, known))
    try:
        yield
    finally:
        with _lock:
            _depth -= 1
            if not _depth and isinstance(sys.stdout, _Parted):
                sys.stdout = sys.stdout.stdout
