"""Texts written with escapes: the lines that stay are written as they were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from secant.promptfiles.formats.lines import stretches


class Atom(NamedTuple):
    """The smallest piece of a literal: as it is written, and what it says."""

    written: str
    text: str


def rewritten(old: Sequence[Atom], new: str, write: Callable[[str], str]) -> str:
    """The new text, its unchanged lines as the old literal has them. `write` takes a line with its line end."""
    old_lines = _lines(old)
    new_lines = _kept_ends(new)
    texts = ["".join(atom.text for atom in line) for line in old_lines]
    pieces: list[str] = []
    for stretch in stretches(texts, new_lines):
        if stretch.same:
            pieces += ["".join(atom.written for atom in line) for line in old_lines[stretch.kept]]
        else:
            pieces += [write(line) for line in new_lines[stretch.new]]
    return "".join(pieces)


def _lines(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """Atoms by the lines of what they say, each line with its "\\n"."""
    lines: list[list[Atom]] = [[]]
    for atom in atoms:
        lines[-1].append(atom)
        if atom.text.endswith("\n"):
            lines.append([])
    return lines if lines[-1] else lines[:-1]


def _kept_ends(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
