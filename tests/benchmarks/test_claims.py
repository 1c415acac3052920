"""The probability beside the claims is that of the test, and a run at chance claims as the test does."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.claims import exact, measured


def test_six_pairs_are_significant_only_where_all_are_won() -> None:
    assert exact(6, 0.0) == pytest.approx(0.25**6)
    assert exact(6, 0.2) == pytest.approx(0.35**6)
    assert exact(5, 0.2) == 0.0


def test_a_run_of_each_kind(tmp_path: Path) -> None:
    row = measured(tmp_path / "runs", "gpo", 0.5, 24, 2)
    assert (row.offered, row.claimed) == (2, 2)
