"""One scalar of a YAML text as a slot: another text is written in the scalar's own style where that can hold it.

Where it cannot, a text of several lines becomes a literal block (`|-`) if nothing follows on the line, and else, as any
other, a double-quoted scalar. `source.FileDocument` tries what is proposed here, and reads the whole file again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from secant.promptfiles.document import PromptPart
from secant.promptfiles.formats.escaped import Atom, rewritten
from secant.promptfiles.formats.lines import Line, dominant_end, relined, split_lines
from secant.promptfiles.formats.source import Slot, Source, trimmed
from secant.promptfiles.formats.yamltext import PAIR

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_HEADER = re.compile(r"([|>])([-+]?[1-9]?[-+]?)([ \t]*(?:#[^\r\n]*)?)(\r\n?|\n|\Z)")
_ESCAPE = re.compile(PAIR.pattern + r"|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|.", re.DOTALL)
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_FOLD = re.compile(r"[\r\n]")
_RESOLVER: Any = yaml.resolver.Resolver()
_STR = "tag:yaml.org,2002:str"


def scalar_slot(source: Source, part: PromptPart, node: yaml.ScalarNode, parent: yaml.Node) -> Slot:
    """The slot of a scalar in a mapping or a list."""
    properties = _PROPERTIES.match(source.text, node.start_mark.index)
    start = properties.end() if properties else node.start_mark.index
    whole: str = node.value
    scalar = _Scalar(source, start, node.end_mark.index, whole, node.style or "", parent.start_mark.column)
    part = part.model_copy(update={"text": trimmed(whole).core, **scalar.lines()})
    return Slot(part, start, node.end_mark.index, whole, scalar.rewritten)


class _Scalar:
    """A scalar and the ways to write another one in its place."""

    def __init__(self, source: Source, start: int, end: int, whole: str, style: str, parent: int) -> None:
        self._source = source
        self._span = (start, end)
        self._written = source.text[start:end]
        self._whole = whole
        self._style = style
        self._parent = parent
        self._newline = dominant_end(self._written) or dominant_end(source.text) or "\n"

    def lines(self) -> dict[str, int]:
        """First and last line of the scalar in the file, the header of a block included: it may have to change."""
        first = self._source.line_at(self._span[0])
        if self._style not in ("|", ">"):
            return {"first_line": first, "last_line": self._source.line_at(self._span[1])}
        lead, core, _ = trimmed(self._whole)
        if self._style == "|":
            return {"first_line": first, "last_line": first + 1 + lead.count("\n") + core.count("\n")}
        body = self._written.rstrip()
        return {"first_line": first, "last_line": first + len(split_lines(body)) - 1}

    def rewritten(self, whole: str) -> Iterator[str]:
        """Ways to write it, the most faithful first."""
        at = self._span[0]
        missing = not self._written and self._source.text[at - 1 : at] in (":", "-")  # `content:` and nothing more
        yield from (f" {text}" if missing else text for text in self._ways(whole))

    def _ways(self, whole: str) -> Iterator[str]:
        match self._style:
            case "|":
                yield from self._literal(whole)
            case ">":
                yield from self._folded(whole)
            case "'" if "\n" not in self._written and "\n" not in whole:
                yield "'" + whole.replace("'", "''") + "'"
            case "'" if _FOLD.search(self._written):
                yield "'" + self._flow_folded(whole.replace("'", "''")) + "'"
            case '"':
                yield from self._double(whole)
            case _ if "\n" not in whole and _is_str(whole):
                yield whole
            case _:
                pass
        if "\n" in whole and self._style != '"' and self._ends_its_line():
            yield from self._new_block(whole)
        yield quoted(whole) + self._behind_block()

    def _behind_block(self) -> str:
        """What a block leaves where a quoted scalar takes its place: the header's comment and the line ends."""
        header = _HEADER.match(self._written) if self._style in ("|", ">") else None
        if header is None:
            return ""
        end = self._written[len(self._written.rstrip()) :]
        return header[3].rstrip() + (end if _FOLD.search(end) or self._ends_file() else self._newline)

    def _ends_file(self) -> bool:
        return self._span[1] == len(self._source.text)

    def _literal(self, whole: str) -> Iterator[str]:
        header = _HEADER.match(self._written)
        if header is None:
            return
        body = split_lines(self._written[header.end() :])
        old, new = self._whole.rstrip("\n").split("\n"), whole.rstrip("\n").split("\n")
        indent = self._indent(body, old)
        lines = [Line(text, line.written, line.end) for text, line in zip(old, body, strict=False)]
        behind = "".join(line.written + line.end for line in body[len(old) :])
        last_end = lines[-1].end if lines else ""
        for text in relined(lines, new, self._newline, lambda line: f"{indent}{line}" if line else ""):
            # `relined` leaves the last line without its end, which is that of the last old line
            rest = f"{text}{last_end}{behind}"
            yield f"{self._written[: header.end()]}{rest}"
            if new and re.match(r"\n*[ \t]", whole):
                chomping = header[2].strip("123456789")
                yield from (f"|{k}{chomping}{header[3]}{header[4]}{rest}" for k in range(1, 10))

    def _indent(self, body: list[Line], old: list[str]) -> str:
        for text, line in zip(old, body, strict=False):
            if text.strip():
                return line.written[: len(line.written) - len(text)]
        return " " * (self._parent + 2)

    def _folded(self, whole: str) -> Iterator[str]:
        header = _HEADER.match(self._written)
        if header is None:
            return
        body = split_lines(self._written[header.end() :])
        content = [line for line in body if line.written.strip()]
        first = content[0].written if content else " " * (self._parent + 2)
        indent = " " * (len(first) - len(first.lstrip(" ")))
        kept = self._paragraphs(body, indent)
        lead = 0
        while lead < len(body) - 1 and not body[lead].written.strip():
            lead += 1
        before = "".join(line.written + line.end for line in body[:lead])
        lines = whole.removeprefix("\n" * lead).rstrip("\n").split("\n")
        written = [kept.get(line, f"{indent}{line}") if line else "" for line in lines]
        trailing = self._written[len(self._written.rstrip()) :] or self._newline
        yield f"{self._written[: header.end()]}{before}{_fold(lines, written, self._newline)}{trailing}"

    def _paragraphs(self, body: list[Line], indent: str) -> dict[str, str]:
        """What a paragraph says, and how it is written over several lines."""
        found: dict[str, str] = {}
        run: list[Line] = []
        for line in [*body, Line("", "", "")]:
            text = line.written[len(indent) :]
            if text.strip() and text[0] not in " \t":
                run.append(line)
                continue
            if run:
                said = " ".join(each.written[len(indent) :] for each in run)
                found[said] = "".join(each.written + each.end for each in run[:-1]) + run[-1].written
                run = []
        return found

    def _double(self, whole: str) -> Iterator[str]:
        if not _FOLD.search(self._written):
            atoms = [Atom(match[0], _said(match[0])) for match in _ESCAPE.finditer(self._written[1:-1])]
            yield f'"{rewritten(atoms, whole, _escaped)}"'

    def _flow_folded(self, text: str) -> str:
        indent = " " * (self._parent + 2)
        return f"{self._newline}{self._newline}{indent}".join(text.split("\n"))

    def _new_block(self, whole: str) -> Iterator[str]:
        indent = " " * (self._parent + 2)
        body = self._newline.join(f"{indent}{line}" if line else "" for line in whole.split("\n"))
        yield f"|-{self._newline}{body}"

    def _ends_its_line(self) -> bool:
        return self._source.text[self._span[1] : self._span[1] + 1] in ("", "\r", "\n")


def _is_str(text: str) -> bool:
    """Whether a plain scalar of YAML 1.1 is a text: one of 1.2 then is one too."""
    return _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == _STR


def quoted(text: str) -> str:
    """A double-quoted scalar, which is a string of JSON too."""
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return "".join(_SHORT.get(c) or (c if _is_printable(c) else f"\\u{ord(c):04x}") for c in text)


def _is_printable(character: str) -> bool:
    code = ord(character)
    return 0x20 <= code < 0x7F or (code >= 0xA0 and code not in (0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF))


def _said(written: str) -> str:
    """What one character or escape of a double-quoted scalar says."""
    if len(written) == 1:
        return written
    if PAIR.fullmatch(written):
        return json.loads(f'"{written}"')
    return yaml.safe_load(f'"{written}"')


def _fold(lines: list[str], written: list[str], newline: str) -> str:
    """Lines as a folded block has them: between two that are not indented one more line end than the text has."""
    pieces = [written[0]]
    ends = 0
    before = lines[0]
    for line, text in zip(lines[1:], written[1:], strict=True):
        ends += 1
        if not line:
            continue
        foldable = bool(before) and before[0] not in " \t" and line[0] not in " \t"
        pieces.append(newline * (ends + foldable) + text)
        ends, before = 0, line
    return "".join(pieces)
