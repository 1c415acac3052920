"""Compares what was made with a text that somebody read and found good. Nothing writes those texts but a person."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

FOLDER = Path(__file__).parent
_PICTURE = re.compile(r"base64,[A-Za-z0-9+/=]+")


def assert_golden(name: str, made: str) -> None:
    """Fails with the difference. Pictures are left out of pages: they have texts of their own."""
    made = _PICTURE.sub("base64,PICTURE", made)
    path = FOLDER / name
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    if made != expected:
        hunks = difflib.unified_diff(expected.splitlines(), made.splitlines(), f"golden/{name}", "made", lineterm="")
        raise AssertionError("\n".join(["the text is not the golden one:", *hunks]))
