"""Parsing of a file's text, with errors that show the place.

The text is parsed by the Python that runs Secant, which may be older or newer than the user's. Nothing is executed.
"""

from __future__ import annotations

import ast
import sys
import warnings

from secant.errors import SourceSyntaxError
from secant.functions.textfile import TextFile


def parse_module(file: TextFile) -> ast.Module:
    """The syntax tree of a file. Raises SourceSyntaxError with line, text and caret."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in the user's file is not ours to report
            return ast.parse(file.text)
    except SyntaxError as error:
        raise _syntax_error(file, error) from error
    except (ValueError, RecursionError, MemoryError) as error:  # NUL bytes; nesting deeper than the parser's stack
        raise SourceSyntaxError(f"the file cannot be parsed: {error}", where=str(file.path)) from error


def _syntax_error(file: TextFile, error: SyntaxError) -> SourceSyntaxError:
    line = error.lineno or 1
    text = file.lines[line - 1] if 0 < line <= len(file.lines) else ""
    column = min(max((error.offset or 1) - 1, 0), len(text))
    margin = "".join("\t" if character == "\t" else " " for character in text[:column])
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    advice = f"Correct it first (it was parsed as Python {version}, which runs Secant)."
    return SourceSyntaxError(
        f"syntax error: {error.msg}", hint=f"    {text}\n    {margin}^\n{advice}", where=f"{file.path}:{line}"
    )
