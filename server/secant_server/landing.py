"""Options that bring imports and helpers along: which part of them is the function, and the document with all of it.

Also whether a function's text is an option, but for what formatting changes.

Where they go is `secant.functions.landing`'s business, so that a document becomes what a cold run has confirmed. Most
options are one function; for them nothing is loaded.
"""

from __future__ import annotations

import ast
import codecs
import functools
import hashlib
import warnings
from pathlib import Path

from secant.functions.additions import is_plain, split
from secant_server.text import Span, normalized, replaced


def function_of(source: str, name: str) -> str:
    """The function's own text in an option's; the whole where that is no function with additions."""
    last = name.rpartition(".")[2]
    text = normalized(source)
    if is_plain(text, last):
        return source
    try:
        return split(text, last).function
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return source


def landed(text: str, span: Span, source: str, name: str) -> str | None:
    """The document with the option in the function's place; None where it cannot stand there."""
    if is_plain(normalized(source), name.rpartition(".")[2]):
        return replaced(text, span, source)
    from secant.errors import SecantError  # noqa: PLC0415 because it is seldom needed, as the next are
    from secant.functions.landing import land  # noqa: PLC0415
    from secant.functions.locate import locate  # noqa: PLC0415
    from secant.functions.target import Target  # noqa: PLC0415
    from secant.functions.textfile import unsaved_file  # noqa: PLC0415

    path = Path("document.py")
    try:
        found = locate(unsaved_file(path, text), Target(path=path, line=span.start + 1))
        file = land(found, source).file
    except SecantError:
        return None
    raw = file.raw.removeprefix(codecs.BOM_UTF8) if file.bom else file.raw
    return raw.decode(file.encoding)


def same_code(one: str, option: str, name: str) -> bool:
    """Equal but for comments and layout: formatting on save must not make an applied proposal look foreign."""
    other = function_of(option, name)
    if one == normalized(other):
        return True
    first, second = _syntax(one), _syntax(other)
    return first is not None and first == second


@functools.lru_cache(maxsize=512)  # a keystroke in an edited function is compared with every option ever offered for it
def _syntax(source: str) -> bytes | None:
    """A digest of the syntax tree; None where the source does not parse."""
    # Beneath an `if` where it is indented: taking the indentation away would change strings of several lines.
    beneath = f"if 1:\n{source}" if source[:1] in (" ", "\t") else f"if 1:\n x\n{source}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the user's escapes: theirs to see elsewhere, not in our log
            return hashlib.sha256(ast.dump(ast.parse(beneath).body[-1]).encode("utf-8", "surrogatepass")).digest()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
