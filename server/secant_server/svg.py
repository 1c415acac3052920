"""What small pictures are made of: SVG by hand, no scripts, no fonts, nothing to load.

A picture has no background and stands in a light page and in a dark one alike: its colours are of a middle lightness,
because an image cannot know the theme of the editor around it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

from secant_server.markdown import html

COLOURS = {"text": "#787e88", "axis": "#8a8f98", "best": "#2f86d6", "survivor": "#c2760c", "turned down": "#8a8f98"}
"""Each at least 3:1 against white and against #1e1e1e, the text 4:1."""

_FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif"


def head(width: int, height: int, described: str) -> Iterator[str]:
    """How a picture begins; `</svg>` ends it. `described` says it in words, for who cannot see it."""
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" font-family="{_FONT}" font-size="13"'
        f' fill="{COLOURS["text"]}">'
    )
    yield f"<title>{html(described)}</title>"


def data_uri(svg: str) -> str:
    """The picture as an address that holds all of it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def round_steps(last: int, most: int) -> list[int]:
    """0 and round numbers up to `last`: at most `most` of them and 0."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * power
            if last // step <= most:
                return list(range(0, last + 1, step))
        power *= 10


def line(x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1, opacity: float = 1) -> str:
    faint = f' opacity="{opacity:g}"' if opacity < 1 else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}"{faint}/>'


def text(x: float, y: float, words: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{html(words)}</text>'
