"""String literals of Python: what each piece of one says, and how another text is written in the same manner.

The prefix, the quotes, the line ends and the pieces of a concatenation stay; the lines that do not change keep their
escapes. What is proposed here is tried by `source.FileDocument`, which parses the whole file again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from secant.promptfiles.formats.escaped import Atom, rewritten
from secant.promptfiles.formats.lines import dominant_end, stretches
from secant.promptfiles.formats.source import unified

_OPENING = re.compile(r"([rRuU]{0,2})(\"\"\"|'''|\"|')")
_BETWEEN = re.compile(r"(?:\s|\\(?:\r\n|.)|#[^\r\n]*)*", re.DOTALL)
_PIECE = re.compile(
    r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)|\r\n|.", re.DOTALL
)
_RAW_PIECE = re.compile(r"\\(?:\r\n|.)|\r\n|.", re.DOTALL)
_SHORT = {"\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_WRITTEN = {"\\": "\\\\", "\r": "\\r", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v"}


class Literal(NamedTuple):
    """One string literal of a concatenation."""

    before: str
    """What stands between it and the one before: white space, comments."""
    prefix: str
    quotes: str
    start: str
    """A line that is continued right behind the quotes (a backslash and a line end), which says nothing."""
    atoms: tuple[Atom, ...]

    @property
    def text(self) -> str:
        return "".join(atom.text for atom in self.atoms)

    def written(self, body: str, prefix: str | None = None) -> str:
        """The literal with another body."""
        return f"{self.prefix if prefix is None else prefix}{self.quotes}{self.start}{body}{self.quotes}"


def literals(written: str) -> list[Literal] | None:
    """The literals of a stretch of source; None for what is not made of plain ones."""
    found: list[Literal] = []
    at = 0
    while at < len(written):
        between = _BETWEEN.match(written, at)
        before = between[0] if between else ""
        at += len(before)
        opening = _OPENING.match(written, at)
        if opening is None:
            return found if at == len(written) and found else None
        prefix, quotes = opening[1], opening[2]
        pattern = _RAW_PIECE if "r" in prefix.lower() else _PIECE
        at = opening.end()
        atoms: list[Atom] = []
        while not written.startswith(quotes, at):
            piece = pattern.match(written, at)
            if piece is None:
                return None
            atoms.append(Atom(piece[0], _said(piece[0], raw="r" in prefix.lower())))
            at = piece.end()
        at += len(quotes)
        start = ""
        if atoms and not atoms[0].text:
            start = atoms.pop(0).written
        found.append(Literal(before, prefix, quotes, start, tuple(atoms)))
    return found


def rewritings(old: Sequence[Literal], new: str, encoding: str, file_end: str) -> Iterator[str]:
    """Ways to write a text in place of those literals, the most faithful first."""
    writer = _Writer(encoding, dominant_end("".join(a.written for x in old for a in x.atoms)) or file_end)
    if len(old) > 1:
        if all(literal.text.endswith("\n") for literal in old[:-1]):
            yield _by_lines(old, new, writer)
        yield _by_middle(old, new, writer)
    only = old[0]
    joined = [atom for literal in old for atom in literal.atoms]
    if len(old) == 1:
        yield only.written(rewritten(joined, new, lambda line: writer.body(line, only.prefix, only.quotes)))
    yield only.written(writer.body(new, only.prefix, only.quotes))
    plain = re.sub("[rR]", "", only.prefix)
    yield only.written(writer.body(new, plain, only.quotes, closes=True), plain)


class _Writer:
    """Writes texts as bodies of literals in a file's encoding."""

    def __init__(self, encoding: str, newline: str) -> None:
        self._encoding = encoding
        self._newline = newline

    def body(self, text: str, prefix: str, quotes: str, *, closes: bool = False) -> str:
        """The text between such quotes; `closes`: it stands right before the closing ones."""
        if "r" in prefix.lower():
            return text.replace("\n", self._newline) if len(quotes) == 3 else text
        written = "".join(self._character(c, quotes) for c in text)
        if len(quotes) == 3:
            mark = quotes[0]
            written = written.replace(quotes, f"\\{mark}" * 3)
            return f"{written[:-1]}\\{mark}" if closes and written.endswith(mark) else written
        return written

    def _character(self, character: str, quotes: str) -> str:
        if character == "\n":
            return self._newline if len(quotes) == 3 else "\\n"
        if character == "\t":
            return character if len(quotes) == 3 else "\\t"
        if character == quotes:
            return f"\\{character}"
        if character in _WRITTEN:
            return _WRITTEN[character]
        if self._can_stand(character):
            return character
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

    def _can_stand(self, character: str) -> bool:
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            return False
        try:
            character.encode(self._encoding)
        except UnicodeEncodeError:
            return False
        return True


def _by_lines(old: Sequence[Literal], new: str, writer: _Writer) -> str:
    """One literal for each line, as the old ones have it."""
    lines = [f"{line}\n" for line in new.split("\n")]
    lines[-1] = lines[-1][:-1]
    lines = lines if lines[-1] else lines[:-1]
    between = next(
        (x.before for x in old[1:] if "#" not in x.before), old[-1].before if "#" not in old[-1].before else " "
    )

    def made(line: str, like: Literal) -> str:
        prefix = re.sub("[rR]", "", like.prefix)
        quotes = like.quotes[0]
        return f"{prefix}{quotes}{writer.body(line, prefix, quotes)}{quotes}"

    def kept(literal: Literal) -> tuple[str, str]:
        return literal.before or between, literal.written("".join(atom.written for atom in literal.atoms))

    def replaced(gone: Sequence[Literal], new_lines: Sequence[str]) -> list[tuple[str, str]]:
        """New literals where old ones stood, and the comments that stood between those."""
        befores = [literal.before or between for literal in gone]
        like = [gone[n] if n < len(gone) else [*old[:1], *gone][-1] for n in range(len(new_lines))]
        written = [made(line, model) for line, model in zip(new_lines, like, strict=True)]
        pieces = [(befores[n] if n < len(befores) else between, line) for n, line in enumerate(written)]
        comments = "".join(before for before in befores[len(new_lines) :] if "#" in before).rstrip()
        return [*pieces, (comments, "")] if comments else pieces

    pieces: list[tuple[str, str]] = []
    for stretch in stretches([literal.text for literal in old], lines):
        if stretch.same:
            pieces += [kept(literal) for literal in old[stretch.kept]]
        else:
            pieces += replaced(old[stretch.kept], lines[stretch.new])
    return "".join(f"{before}{written}" for before, written in pieces).removeprefix(pieces[0][0])


def _by_middle(old: Sequence[Literal], new: str, writer: _Writer) -> str:
    """What differs goes into the first literal that changes; the beginning and the end stay as they are."""
    atoms = [(n, atom) for n, literal in enumerate(old) for atom in literal.atoms]
    head, at = 0, 0
    while head < len(atoms) and new.startswith(atoms[head][1].text, at):
        at += len(atoms[head][1].text)
        head += 1
    tail, end = len(atoms), len(new)
    while tail > head and end - len(atoms[tail - 1][1].text) >= at and new.endswith(atoms[tail - 1][1].text, 0, end):
        end -= len(atoms[tail - 1][1].text)
        tail -= 1
    changed = atoms[head][0] if head < len(atoms) else len(old) - 1
    pieces: list[str] = []
    commented = any("#" in literal.before for literal in old)
    for n, literal in enumerate(old):
        before = "".join(atom.written for m, atom in atoms[:head] if m == n)
        behind = "".join(atom.written for m, atom in atoms[tail:] if m == n)
        middle = writer.body(new[at:end], literal.prefix, literal.quotes) if n == changed else ""
        if before + middle + behind or commented or not literal.text:
            pieces.append((literal.before if pieces else "") + literal.written(before + middle + behind))
    return "".join(pieces)


def _said(piece: str, *, raw: bool) -> str:
    """What a character or an escape says."""
    if raw or not piece.startswith("\\"):
        return unified(piece)
    rest = piece[1:]
    if rest[0] in "\r\n":
        return ""
    if rest[0] in "01234567":
        return chr(int(rest, 8))
    if rest[0] in "xuU" and len(rest) > 1:
        return chr(int(rest[1:], 16))
    if rest[0] == "N" and len(rest) > 1:
        return unicodedata.lookup(rest[2:-1])
    return _SHORT.get(rest, piece)
