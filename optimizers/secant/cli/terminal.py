"""The terminal itself: consoles, and text that cannot harm it. Knows nothing of runs."""

from __future__ import annotations

import contextlib
import os
import re
import sys

from rich.console import Console

_FILE_WIDTH = 120
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def output_console() -> Console:
    """Stdout. Brackets, numbers and colons in a test's name are nothing special."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(markup=False, highlight=False, emoji=False, width=None if known else _FILE_WIDTH)


def error_console() -> Console:
    """Stderr."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def is_live(console: Console) -> bool:
    """Whether lines can be drawn over: a real terminal that is not dumb, whatever colours are forced."""
    return console.is_interactive and not console.is_dumb_terminal and console.file.isatty()


def clean(text: str) -> str:
    """The text with control characters made visible: a test's output must not drive the terminal."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text.replace("\r\n", "\n"))


def counted(number: int, noun: str) -> str:
    """`1 test`, `2 tests`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def warn(message: str) -> None:
    """One line on stderr, safe inside a signal handler: buffered streams do not allow a second writer."""
    with contextlib.suppress(OSError):
        os.write(2, f"\n{message}\n".encode())
