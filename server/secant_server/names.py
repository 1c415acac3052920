"""What a target is called: in its own document, and where that is not in sight. Words only."""

from __future__ import annotations

from pathlib import PurePath

from secant.judging import Kind

_BELOW = " > "
_SOLUTION = "solution"
_PROMPT = "prompt"


def label(kind: Kind, name: str, path: PurePath) -> str:
    """What a target is called where its document is not in sight: `Basket.total`, `Solution (parcels.md)`,
    `support.prompt.md`.
    """
    if kind == "function" or name == path.name:
        return name
    return f"{_title(name) if kind == 'solution' else name} ({path.name})"


def noun(kind: Kind, name: str) -> str:
    """What it is called in its own document: `'total'`, `solution`, `'Proof'`, `prompt`."""
    if kind == "function":
        return f"'{name}'"
    if kind == "prompt":
        return _PROMPT
    title = _title(name.rpartition(_BELOW)[2])
    return _SOLUTION if title.casefold() == _SOLUTION else f"'{title}'"


def _title(name: str) -> str:
    """Headings without their marks."""
    return _BELOW.join(part.lstrip("#").strip() for part in name.split(_BELOW))
