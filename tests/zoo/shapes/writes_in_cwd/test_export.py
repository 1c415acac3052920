from pathlib import Path

from export import export


def test_default_name():
    export([(1, 2)])
    assert Path("report.csv").read_text() == "1,2\n"


def test_size():
    assert export([("ab",)], "small.csv") == 3


def test_overwrites():
    Path("twice.csv").write_text("old and much longer")
    export([], "twice.csv")
    assert Path("twice.csv").read_text() == ""
