"""The report of a run: what its events say, for a run in any state, and nothing that a text in them could break."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest
from markdown_it import MarkdownIt

from secant.events import Event, Finished, FoundTest, TestsFound
from secant.journal import read
from secant_server.reports import report
from tests.server.golden import runs
from tests.server.golden.compare import FOLDER, assert_golden

RENDERER = MarkdownIt("commonmark").enable("table")
EVERY = {"repair": runs.repair(), "climb": runs.climb(), "refused": runs.refused(), "barren": runs.barren()}


@pytest.mark.parametrize("name", EVERY)
def test_the_report(name: str) -> None:
    assert_golden(f"report-{name}.md", report(EVERY[name]))


def test_the_report_of_a_run_that_is_not_over() -> None:
    begun = runs.repair()[:-2]
    assert_golden("report-running.md", report(begun, running=True))
    assert_golden("report-interrupted.md", report(begun))


def test_the_report_of_a_real_run() -> None:
    """Its journal was written by the engine on a copy of examples/."""
    journal = list(read(FOLDER / "percentile.jsonl"))
    assert_golden("report-percentile.md", report(journal))
    for length in range(len(journal)):
        assert report(journal[:length]).startswith("# ")


def test_a_journal_without_a_beginning_has_a_page_that_says_so() -> None:
    assert report([]).startswith("# A run without a beginning\n")
    assert report(runs.repair()[5:8]).startswith("# A run without a beginning\n")


def test_a_run_that_goes_on_after_its_end_is_not_over() -> None:
    resumed = [*runs.repair(), runs.STARTED.model_copy(update={"resumed": True})]
    assert "**Under way.**" in report(resumed, running=True)
    assert "**Interrupted.**" in report(resumed)
    assert "## Difference\n" not in report(resumed)


@pytest.mark.parametrize("name", EVERY)
def test_a_run_cut_off_anywhere_has_a_report(name: str) -> None:
    events = EVERY[name]
    for length in range(len(events)):
        for running in (False, True):
            page = report(events[:length], running=running)
            assert page.startswith("# ") and page.endswith("\n")


def pictures(page: str) -> Sequence[ET.Element]:
    return [
        ET.fromstring(base64.b64decode(found)) for found in re.findall(r"data:image/svg\+xml;base64,([^)]+)\)", page)
    ]


def test_the_picture_is_part_of_the_page_and_told_in_words() -> None:
    page = report(runs.repair())
    (picture,) = pictures(page)
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert "![Best so far (tests passed) over 3 candidates: from 1 to 3 after 3](data:image" in page


def test_a_new_best_stands_in_the_picture_where_it_was_evaluated() -> None:
    *before, told, survivor, best, confirmed, end = runs.repair()
    late = [runs.evaluated("later", "screen", 0), runs.evaluated("last", "screen", 1)]
    page = report([*before, told, *late, survivor, best, confirmed, end])
    assert "over 5 candidates: from 1 to 3 after 3]" in page


@pytest.mark.parametrize("events", [runs.refused(), runs.repair()[:5]], ids=["refused", "before the search"])
def test_no_picture_where_nothing_was_evaluated(events: Sequence[Event]) -> None:
    assert pictures(report(events)) == []


def test_texts_of_others_are_no_markup() -> None:
    page = report(runs.climb())
    for token in RENDERER.parse(page):
        assert token.type != "html_block" or token.content.strip() in {
            "</details>",
            "<details>\n<summary>Every test</summary>",
        }
        for inner in token.children or ():
            assert inner.type != "html_inline", inner
    rows = [token for token in RENDERER.parse(page) if token.type == "tr_open"]
    assert len(rows) == (1 + 1) + (1 + 5) + (1 + 4) + (1 + 1)  # differences, candidates, tests, usage


def test_long_lists_are_cut_and_say_so() -> None:
    many = [(f"text {n}", f"change {n}") for n in range(50)]
    tried = [runs.evaluated(text, "screen", 1) for text, _ in many]
    tests = TestsFound(tests=tuple(FoundTest(id=f"t{n}.py::t", why="named") for n in range(150)))
    start = [runs.STARTED, runs.FOUND, tests, runs.baseline("fix", 1)]
    page = report(runs.stamped(*start, runs.proposed(1, *many), *tried))
    assert "50 candidates: 50 failed a test." in page
    assert "30 more candidates not shown." in page
    assert "50 more tests not shown." in page
    assert "- 142 more, from other files or for other reasons" in page
    assert len(page) < 40_000


def test_the_price_of_models_that_is_not_known_is_not_nothing() -> None:
    page = report(runs.climb())
    assert "| optimizer | 12 | 34,567 | 890 | unknown |" in page
    assert "No model was called." not in page


def test_what_was_applied_says_so() -> None:
    *events, end = runs.repair()
    assert isinstance(end, Finished)
    assert "It was applied." in report([*events, end.model_copy(update={"applied": True})])


def test_unsaved_text_is_named_by_its_files() -> None:
    buffers = {"/project/src/shop_.py": "SECRET", "/project/b.py": "SECRET"}
    started = runs.STARTED.model_copy(update={"request": {**runs.STARTED.request, "buffers": buffers}})
    page = report([started, *runs.repair()[1:]])
    assert "- info: It ran on unsaved text of `b.py`, `shop_.py`, as it was in the editor." in page
    assert "SECRET" not in page


def test_what_was_dismissed_before_is_counted_not_tried() -> None:
    proposed = runs.proposed(1, ("a", "first"), ("b", "second"))
    items = (proposed.items[0].model_copy(update={"status": "rejected"}), *proposed.items[1:])
    page = report([*runs.repair()[:4], proposed.model_copy(update={"items": items})])
    assert "2 candidates: 1 dismissed by you in an earlier run; 1 not tried." in page


def test_a_run_that_failed_late_keeps_its_best_so_far() -> None:
    page = report([*runs.repair()[:-2], *runs.refused()[-1:]])
    assert "**Failed: no test calls `_total_`**" in page
    assert "Best so far: 3 of 3 tests pass: `x` becomes `y`." in page
    assert "## Difference of the best so far\n\n```diff\n" in page
