"""The YAML block at the head of a Markdown file: where it ends, and what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from secant.promptfiles.formats.source import Source

_CLOSE = re.compile(r"(?:\A|(?<=[\r\n]))(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)")
_FENCE = re.compile(r"---[ \t]*(?:\r\n?|\n|\Z)")


class FrontMatter(NamedTuple):
    """What stands before the body, which begins at `body` in the file's text."""

    body: int = 0
    values: Mapping[str, Any] = {}
    written: str = ""
    """The block between its fences."""
    notice: str = ""
    """Why it is left aside."""


def front_matter(source: Source) -> FrontMatter:
    """The front matter of a file; one that cannot be read is kept as it is, and `notice` says why it says nothing."""
    opening = _FENCE.match(source.text)
    if opening is None:
        return FrontMatter()
    closing = _CLOSE.search(source.text[opening.end() :])
    if closing is None:
        return FrontMatter(notice=f"{source.path}:1: the front matter is not closed by a line ---; all is prompt text")
    written = source.text[opening.end() : opening.end() + closing.start()]
    body = opening.end() + closing.end()
    from secant.promptfiles.formats.yamltext import YamlFault, load  # noqa: PLC0415  most files have none

    try:
        values = load(written)
    except YamlFault as fault:
        place = f"{source.path}:{fault.line + 1}"
        return FrontMatter(body, {}, written, f"{place}: the front matter is not YAML: {fault.message}")
    if values is None:
        return FrontMatter(body, {}, written)
    if not isinstance(values, dict):
        return FrontMatter(body, {}, written, f"{source.path}:2: the front matter is no mapping and says nothing")
    return FrontMatter(body, cast("dict[str, Any]", values), written)


def described(front: FrontMatter) -> str:
    """What the prompt is for, as its author says it; empty where he does not."""
    said = front.values.get("description")
    return " ".join(said.split()) if isinstance(said, str) else ""
