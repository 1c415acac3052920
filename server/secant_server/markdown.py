"""Markdown made of texts that may contain anything: names with `_`, calls with `|`, messages with `<` and line ends.

What goes in is somebody else's text, and what comes out shows it letter for letter and does nothing: no markup, no
link, no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKUP = re.compile(r"([\\`*\[\]<~$]|&(?=[#\w])|(?<!\w)_|_(?!\w))")
_BLOCK = re.compile(r"^(?:(\d+)([.)])(?=\s|$)|([-+=#>]))")
_CODE = re.compile(r"`([^`\s](?:[^`]*[^`\s])?)`")
_AUTOLINK = re.compile(r"(?i)\b(https?|ftp|mailto|www)([:.])")
_BACKTICKS = re.compile("`+")


def escaped(text: str) -> str:
    """The text as inline Markdown, on one line."""
    flat = " ".join(text.split())
    flat = _MARKUP.sub(r"\\\1", flat)
    # A zero-width space keeps an address from becoming a link; nothing else stops the extensions that make links.
    flat = _AUTOLINK.sub("\\1\u200b\\2", flat)
    return _BLOCK.sub(r"\1\\\2\3", flat)


def prose(text: str) -> str:
    """A sentence in which names stand between backticks, on one line: those become code, the rest is escaped."""
    pieces = _CODE.split(" ".join(text.split()))  # outside, inside, outside, ...
    shown = (code(piece) if index % 2 else _spaced(piece) for index, piece in enumerate(pieces))
    return "".join(shown).strip()


def _spaced(piece: str) -> str:
    """Escaped, with the spaces kept that part it from its neighbours."""
    core = escaped(piece)
    if not core:
        return " " if piece else ""
    return f"{' ' if piece[0].isspace() else ''}{core}{' ' if piece[-1].isspace() else ''}"


def code(text: str, most: int = 120) -> str:
    """The text as inline code, on one line, cut where it is long."""
    flat = " ".join(text.split())
    if not flat:
        return ""
    flat = flat if len(flat) <= most else f"{flat[: most - 1]}…"
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(flat)), default=0) + 1)
    # A space is taken away again at both ends, but not from a text of spaces.
    padding = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{padding}{flat}{padding}{fence}"


def fenced(text: str, language: str = "") -> str:
    """The text as a block of code."""
    fence = "`" * max(3, max((len(run) for run in _BACKTICKS.findall(text)), default=0) + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(markdown: str) -> str:
    """A bar ends a cell, within code too, unless a backslash stands before it; that one is taken away again."""
    return markdown.replace("|", "\\|")


def details(summary: str, body: str) -> str:
    """A part that is folded away until somebody wants it. `summary` is plain text."""
    return f"<details>\n<summary>{html(summary)}</summary>\n\n{body}\n\n</details>"


def html(text: str) -> str:
    """The text within HTML or XML."""
    flat = "".join(character for character in text if character.isprintable() or character == " ")
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
