"""The page about events says what the code says."""

from __future__ import annotations

from typing import get_args

from docs import make_events
from secant import events


def test_the_page_is_made_from_the_code() -> None:
    assert make_events.PAGE.read_text(encoding="utf-8") == make_events.page(), "run: python docs/make_events.py"


def test_the_page_has_every_event() -> None:
    page = make_events.page()
    for kind in get_args(get_args(events.Event)[0]):
        assert f"## `{kind.model_fields['type'].default}`" in page
