"""Every shape of the zoo: the verdicts of the product's own path are those of a plain pytest, for every test.

`PATHS.md` beside the shapes records which path each one takes, so that a shape that falls back to a slower one is seen
in review.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from secant.functions.suite import OK_OUTCOMES
from tests.optimizers.functions.preloaded import Verdicts
from tests.optimizers.functions.shapes import SHAPES, Bench, Shape, kind, shapes
from tests.optimizers.functions.yardstick import ORIGINAL, Hosts, Yardstick, hosting

ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<path>\w+) \| (?P<order>any|pytest's) \|", re.MULTILINE)
RECORDED = {
    match["name"]: (match["path"], match["order"]) for match in ROW.finditer((SHAPES / "PATHS.md").read_text("utf-8"))
}


@pytest.fixture(scope="module")
def hosts() -> Iterator[Hosts]:
    with hosting() as made:
        yield made


@pytest.fixture(scope="module")
def yardstick(hosts: Hosts) -> Yardstick:
    return Yardstick(hosts)


def disturbed(bench: Bench, cold: Verdicts) -> list[str]:
    """The onlookers that a candidate broke; they are judged by the cold run that confirms a winner."""
    return [
        test.id
        for test in bench.suite.onlookers
        if cold.get(test.id) not in OK_OUTCOMES and cold.get(test.id) != test.outcome
    ]


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: shape.name)
def test_warm_verdicts_are_cold_verdicts(
    shape: Shape, hosts: Hosts, yardstick: Yardstick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sys.version_info >= shape.python
    hosts.of(shape).install(monkeypatch)
    bench = Bench(shape, shape.copy(tmp_path / "project"), tmp_path / "scratch")
    try:
        answers = yardstick.answers(shape, tmp_path)
        original = answers[ORIGINAL]
        files = {test.file for test in bench.collected.tests}
        assert {test for test in original if str(bench.root / test.partition("::")[0]) in files} == bench.known
        for candidate in (None, *shape.files):
            text = bench.located.text if candidate is None else shape.text(candidate)
            cold = answers[candidate or ORIGINAL]
            warm = bench.verdicts(text)
            assert candidate is not None or warm.keys() == {test.id for test in bench.suite.tests}
            expected = {test.id: kind(cold.get(test.id)) for test in bench.suite.tests}
            assert {test.id: kind(warm.get(test.id)) for test in bench.suite.tests} == expected, candidate
            lost = [t.id for t in bench.suite.tests if t.passes and kind(warm.get(t.id)) != "ok"]
            lost += disturbed(bench, cold)
            assert bool(lost) == (candidate or "").startswith("bad"), (candidate, lost)
        assert (bench.suite.path, "any" if bench.suite.any_order else "pytest's") == RECORDED[shape.name]
    finally:
        bench.close()


def test_the_table_of_paths_is_complete() -> None:
    assert list(RECORDED) == [shape.name for shape in shapes()]
