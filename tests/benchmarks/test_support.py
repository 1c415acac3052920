"""Tables, quantiles and work spread over cores, as the benchmarks share them."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

import pytest

from benchmarks._support import ROOT, Figures, Table, machine, number, on_own_core, percent, publish, quantile

TABLE = Table(title="Bugs", columns=("kind", "share"), rows=(("a|b", "5.0 %"), ("comparison", "-")))


def test_a_table_for_a_terminal_aligns_figures_to_the_right() -> None:
    assert TABLE.text() == "Bugs\nkind        share\na|b         5.0 %\ncomparison      -"


def test_a_table_for_a_readme_escapes_what_would_end_a_cell() -> None:
    assert TABLE.markdown().splitlines() == [
        "**Bugs**",
        "",
        "| kind | share |",
        "| --- | ---: |",
        "| a\\|b | 5.0 % |",
        "| comparison | - |",
    ]


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert quantile([4.0, 1.0, 3.0, 2.0], 0.9) == 4.0
    assert math.isnan(quantile([], 0.5))


def test_what_was_not_measured_is_a_dash() -> None:
    assert number(math.nan) == "-"
    assert percent(0, 0) == "-"
    assert percent(1, 3) == "33.3 %"


def test_results_come_in_the_order_of_the_items_each_with_a_core_that_is_ours() -> None:
    found = list(on_own_core("abcd", lambda item, core: (item, core), 2, lambda item, result: item))
    assert [item for item, _ in found] == list("abcd")
    assert {core for _, core in found} <= os.sched_getaffinity(0)


def test_figures_name_no_place_of_this_machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"reason": f"see {ROOT / 'x.py'}, {sys.prefix}/bin/python and {tmp_path}", "function": "f"}
    figures = Figures(
        benchmark="speed", date="", machine=machine(), options={}, summary={}, tables=(TABLE,), rows=(row,)
    )
    publish(figures, tmp_path / "deep" / "speed.json")
    written = (tmp_path / "deep" / "speed.json").read_text(encoding="utf-8")
    assert not [place for place in (str(ROOT), sys.prefix, str(tmp_path)) if place in written]
    assert Figures.model_validate_json(written).rows[0]["function"] == "f"
    assert TABLE.text() in capsys.readouterr().out
