"""A function's text and its syntax tree, with positions that refer to the text itself.

The text of a function is the exact lines it has in its file (decorators first, its own indentation kept, line ends as
"\\n"). Indented text does not parse alone, so it is parsed beneath an `if 1:` and the line numbers are shifted back:
line 1 is the first line of the text, columns count UTF-8 bytes as in `ast`.
"""

from __future__ import annotations

import ast
from bisect import bisect_right

from secant.statements import FunctionNode, block


class FunctionSource:
    """One function's text, parsed. Raises SyntaxError where the text is not exactly one function definition."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.node = _parse_function(text)
        self._bytes = text.encode("utf-8")
        self._line_starts = [0]
        for line in self._bytes.splitlines(keepends=True):
            self._line_starts.append(self._line_starts[-1] + len(line))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Start and end of `node` in the text, as offsets in UTF-8 bytes."""
        return (
            self.offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self.offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def offset(self, line: int, column: int) -> int:
        """Offset in UTF-8 bytes of a 1-based line and a 0-based byte column."""
        return self._line_starts[line - 1] + column

    def line_of(self, offset: int) -> int:
        """The 1-based line that holds the byte at `offset`."""
        return min(bisect_right(self._line_starts, offset), len(self._line_starts) - 1)

    def segment(self, node: ast.AST) -> str:
        """The text of `node` as it is written."""
        start, end = self.span(node)
        return self._bytes[start:end].decode("utf-8")

    def line_span(self, first: int, last: int) -> tuple[int, int]:
        """Byte offsets of the whole lines `first` to `last`, the last line's end included."""
        return self._line_starts[first - 1], self._line_starts[last]

    @property
    def indent(self) -> str:
        """The white space before the function's first line."""
        first = self.text.split("\n", 1)[0]
        return first[: len(first) - len(first.lstrip())]


def parses(text: str) -> bool:
    """Whether `text` is exactly one function definition."""
    try:
        _parse_function(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _parse_function(text: str) -> FunctionNode:
    body = block(text)
    if len(body) != 1 or not isinstance(body[0], FunctionNode):
        raise SyntaxError("the text is not exactly one function definition")
    return body[0]
