"""A prompt that is a string constant in a Python file: `file.py::NAME`, `file.py::Class.NAME`.

Placeholders are `{x}`. Where all braces are fields or doubled, the text is taken for a format string (see
`placeholders`). f-strings are refused: their text is code.
"""

from __future__ import annotations

import ast
import codecs
import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from secant.errors import BadRequest, SourceSyntaxError
from secant.functions.textfile import TextFile, read_text_file, text_file, unsaved_file
from secant.promptfiles.document import PromptPart, Role, Syntax
from secant.promptfiles.formats.constants import Assignment, assignments, is_special, stripped, text_of
from secant.promptfiles.formats.lines import LINE_END, dominant_end
from secant.promptfiles.formats.pyliteral import literals, rewritings
from secant.promptfiles.formats.source import FileDocument, Slot, Source, trimmed

_SYNTAX: tuple[Syntax, ...] = ("braces",)
_SYSTEM = re.compile(r"system|instruction", re.IGNORECASE)
_LISTED = 12


def open_constant(path: Path, name: str = "", *, unsaved: str | None = None) -> FileDocument:
    """The constant of that name, which may be left out where the file has one text.

    Raises UnreadableFile, SourceSyntaxError, and BadRequest for an unknown name with those that there are.
    """
    return _open(_source(read_text_file(path) if unsaved is None else unsaved_file(path, unsaved)), name)


def constant_names(path: Path, *, unsaved: str | None = None) -> tuple[str, ...]:
    """The names of all constants of a file that are plain texts."""
    source = _source(read_text_file(path) if unsaved is None else unsaved_file(path, unsaved))
    return tuple(a.name for a in assignments(_parsed(source)) if text_of(a.value) is not None)


def _source(file: TextFile) -> Source:
    body = file.raw[len(codecs.BOM_UTF8) :] if file.bom else file.raw
    return Source(file.path, file.raw, body.decode(file.encoding), file.encoding, file.bom)


def _open(source: Source, name: str) -> FileDocument:
    tree = _parsed(source)
    chosen = _chosen(source, list(assignments(tree)), name)
    value = stripped(chosen.value)
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
        raise _refusal(source, chosen)
    start, end = _offset(source, value.lineno, value.col_offset), _offset(source, *_end(value))
    found = literals(source.text[start:end])
    whole = value.value
    if found is None or "".join(literal.text for literal in found) != whole:
        raise BadRequest(f"{chosen.name} is written in a way that is not understood", where=_place(source, value))
    core = trimmed(whole).core
    if not core.strip():
        raise BadRequest(f"{chosen.name} is empty", hint="Write the prompt into it.", where=_place(source, value))
    role: Role = "system" if _SYSTEM.search(chosen.name) else "user"
    part = PromptPart(
        name="prompt", role=role, text=core, syntax=_SYNTAX, first_line=value.lineno, last_line=_end(value)[0]
    )
    file_end = dominant_end(source.text) or "\n"
    value.value = ""  # what is left of the tree is what must not change

    def rewritten(new: str) -> Iterator[str]:
        return rewritings(found, new, source.encoding, file_end)

    return FileDocument(
        source=source,
        format="Python string constant",
        slots=(Slot(part, start, end, whole, rewritten),),
        again=lambda other: _open(_source(text_file(other.path, other.raw)), chosen.name),
        name=chosen.name,
        rest=ast.dump(tree),
    )


def _parsed(source: Source) -> ast.Module:
    try:
        return ast.parse(source.text)
    except SyntaxError as error:
        raise SourceSyntaxError(
            f"the file is not Python: {error.msg}", where=f"{source.path}:{error.lineno}"
        ) from error
    except (ValueError, RecursionError) as error:  # a NUL; a tower of brackets
        raise SourceSyntaxError(f"the file is not Python: {error}", where=str(source.path)) from error


def _chosen(source: Source, assigned: Sequence[Assignment], name: str) -> Assignment:
    texts = [a for a in assigned if text_of(a.value) is not None and not is_special(a.name)]
    found = [a for a in assigned if a.name == name] if name else texts
    if len(found) == 1:
        return found[0]
    names = list(dict.fromkeys(a.name for a in texts))
    there = f"There are: {', '.join(names[:_LISTED])}." if names else "The file has no string constant."
    if not name:
        example = f"For example {source.path}::{names[0]}. " if names else ""
        message = f"the file has {len(names)} string constants" if names else "there is no prompt text in the file"
        raise BadRequest(message, hint=f"{example}{there}", where=str(source.path))
    if found:
        lines = " and ".join(str(a.value.lineno) for a in found)
        raise BadRequest(f"{name} is assigned several times, in lines {lines}", where=str(source.path))
    near = difflib.get_close_matches(name, names, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    raise BadRequest(f"the file has no constant {name}", hint=f"{meant}{there}", where=str(source.path))


def _refusal(source: Source, chosen: Assignment) -> BadRequest:
    match chosen.value:
        case ast.JoinedStr():
            what = "is an f-string: its text is code, and cannot be told from it"
            hint = "Make it a plain string with {placeholders}, and fill it with str.format."
        case ast.Constant(value=bytes()):
            what, hint = "is bytes, not a text", ""
        case _:
            what, hint = "is no string literal, but is computed", "Name a constant that is a plain string."
    return BadRequest(f"{chosen.name} {what}", hint=hint, where=_place(source, chosen.value))


def _end(node: ast.expr) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def _place(source: Source, node: ast.expr) -> str:
    return f"{source.path}:{node.lineno}"


def _offset(source: Source, line: int, column: int) -> int:
    """A place of the syntax tree (bytes of UTF-8 in its line) in the file's text."""
    start = 0
    if line > 1:
        ends = LINE_END.finditer(source.text)
        for _ in range(line - 1):
            start = next(ends).end()
    text = source.text[start : start + column]
    return start + len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
