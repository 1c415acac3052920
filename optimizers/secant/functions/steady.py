"""Texts of failures without what differs from run to run: addresses, temporary folders, the order of sets.

A model's request is a function of such texts, so a recorded run replays only where they stay the same.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b(?=>| ?object|,|$)|(?<= at )0x[0-9a-fA-F]+")
_COPY = re.compile(r"[^\s'\"(,]*/secant-cold-[^/\s'\"]+/[^/\s'\"]+/")
_TEMPORARY = re.compile(r"(?:/[^\s'\":,()]*)?/(?:secant-|pytest-of-)[^\s'\":,()]*|/tmp/[^\s'\":,()]*")
_RANDOM_NAME = re.compile(r"^tmp[a-z0-9_]{8}")
_BRACES = re.compile(r"\{[^{}:\n]{1,400}\}")


def steady(text: str, roots: Sequence[Path] = ()) -> str:
    """The text with paths below `roots` (the project, a copy of it) relative, and with the rest made alike."""
    for root in roots:
        text = text.replace(f"{root}/", "")
    text = _TEMPORARY.sub(lambda found: _last_part(found.group()), _COPY.sub("", text))
    return _BRACES.sub(lambda found: _ordered(found.group()), _ADDRESS.sub("0x...", text))


def _last_part(path: str) -> str:
    name = path.rstrip("/").rpartition("/")[2]
    return ".../" + _RANDOM_NAME.sub("tmp", name)


def _ordered(text: str) -> str:
    """A display of a set in the order of its items' texts; anything else as it is."""
    try:
        value: Any = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text
    if not isinstance(value, set):
        return text
    return f"{{{', '.join(sorted(repr(item) for item in cast('set[Any]', value)))}}}"
