"""Every request, byte for byte, against the text files in `golden/`."""

from __future__ import annotations

import pytest
from golden_prompts import FOLDER, goldens

_NOW = goldens()


@pytest.mark.parametrize("name", sorted({*_NOW, *(path.name for path in FOLDER.glob("*.txt"))}))
def test_a_request_is_as_it_was_reviewed(name: str) -> None:
    path = FOLDER / name
    assert name in _NOW, "nothing makes this file any more: tests/optimizers/golden_prompts.py writes them anew"
    assert path.exists(), "the file is missing: tests/optimizers/golden_prompts.py writes them anew"
    assert _NOW[name] == path.read_bytes().decode("utf-8")
