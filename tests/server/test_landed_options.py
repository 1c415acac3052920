"""An option that brings imports and helpers along: merged where they belong, and known again when it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from secant.events import TestCount
from secant.functions.landing import land
from secant.functions.locate import locate
from secant.functions.target import parse_target
from secant.functions.textfile import text_file
from secant_server.landing import function_of, landed
from secant_server.outline import outline
from secant_server.proposals import Option, Proposal, merged, placed
from secant_server.text import Span

TEXT = (
    "# 😋 shop\nimport os\n\n\nclass Basket:\n    def total(self):\n        return 1\n\n\ndef other():\n    return os\n"
)
BASE = "    def total(self):\n        return 1\n"
BETTER = (
    "    import heapq\n    def least(n):\n        return heapq.nsmallest(1, n)\n\n"
    "    def total(self):\n        return 2\n"
)
MERGED = (
    "# 😋 shop\nimport os\nimport heapq\n\n\ndef least(n):\n    return heapq.nsmallest(1, n)\n\n\n"
    "class Basket:\n    def total(self):\n        return 2\n\n\ndef other():\n    return os\n"
)
COUNT = TestCount(passed=1, total=1)


def proposal(source: str = BETTER) -> Proposal:
    return Proposal(
        id="r1", path=Path("/shop.py"), name="Basket.total", base=BASE, options=(Option(source=source, tests=COUNT),)
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_is_merged_as_the_engine_would_write_it(end: str) -> None:
    text = TEXT.replace("\n", end)
    found = merged(proposal(), 0, text, outline(text))
    assert found == MERGED.replace("\n", end)
    located = locate(text_file(Path("shop.py"), text.encode()), parse_target("shop.py::Basket.total"))
    assert found.encode() == land(located, BETTER).file.raw


def test_it_is_applied_where_its_function_is_there() -> None:
    assert placed(proposal(), MERGED, outline(MERGED), None).standing == "applied"
    assert placed(proposal(), TEXT, outline(TEXT), None).standing == "ready"


def test_what_cannot_stand_in_the_document_any_more_is_not_merged() -> None:
    text = TEXT + "\n\ndef least():\n    pass\n"
    assert merged(proposal(), 0, text, outline(text)) is None
    assert placed(proposal(), text, outline(text), None).standing == "ready"


def test_an_encoding_that_the_document_declares_is_kept() -> None:
    text = "# coding: latin-1\ndef f():\n    return 'é'\n"
    assert landed(text, Span(1, 3), "import os\ndef f():\n    return 'ü'\n", "f") == (
        "# coding: latin-1\nimport os\n\n\ndef f():\n    return 'ü'\n"
    )
    assert landed(text, Span(1, 3), "import os\ndef f():\n    return '€'\n", "f") is None


@pytest.mark.parametrize("source", [BASE, "def total(:\n", "x = 1\n"])
def test_other_options_are_taken_as_they_are(source: str) -> None:
    assert function_of(source, "Basket.total") == source
