"""Every request, byte for byte, against the text files in `golden/`."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from golden_prompts import FOLDER, goldens

NAMES = sorted(path.name for path in FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def now() -> Mapping[str, str]:
    return goldens()


def test_each_request_has_its_file(now: Mapping[str, str]) -> None:
    """tests/optimizers/golden_prompts.py writes them anew."""
    assert sorted(now) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_request_is_as_it_was_reviewed(name: str, now: Mapping[str, str]) -> None:
    assert name in now, "nothing makes this file any more: tests/optimizers/golden_prompts.py writes them anew"
    assert now[name] == (FOLDER / name).read_bytes().decode("utf-8")
