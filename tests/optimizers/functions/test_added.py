"""Candidates with imports and helpers of their own: warm, anew and cold say the same, by real workers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from secant.config import OptimizeRequest
from secant.functions.evaluator import FunctionEvaluator
from secant.functions.feedback import Feedback
from secant.functions.launching import Launcher
from secant.functions.preparation import Prepared, find_subject, prepare
from secant.functions.recordings import Recordings
from secant.functions.speed import Speed
from secant.functions.writeback import replaced
from secant.types import Artifact, Evaluation, Part

pytestmark = pytest.mark.usefixtures("preloaded_workers")

SHOP = b"""\
\xef\xbb\xbfimport math\r
\r
\r
class Basket:\r
\tdef __init__(self, prices):\r
\t\tself.prices = prices\r
\r
\tdef total(self):\r
\t\treturn sum(self.prices) + 1\r
"""
TESTS = """\
import inspect
import shop
from shop import Basket

def test_total():
    assert Basket([1, 2]).total() == 3

def test_nothing():
    assert Basket([]).total() == 0

def test_source():
    assert "prices" in inspect.getsource(Basket.total)
"""
GOOD = {
    "helper": "def added(prices):\n\treturn sum(prices)\n\n\tdef total(self):\n\t\treturn added(self.prices)\n",
    "indented": "\timport operator\n\tdef total(self):\n\t\treturn operator.index(sum(self.prices))\n",
    "constant": "ZERO = math.floor(0.5)\n\tdef total(self):\n\t\treturn sum(self.prices, ZERO)\n",
}
BAD = {
    "raises": "def added(prices):\n\traise KeyError(1)\n\n\tdef total(self):\n\t\treturn added(self.prices)\n",
    "not there": "import nowhere\n\tdef total(self):\n\t\treturn sum(self.prices)\n",
    "later": "LATE = Basket\n\tdef total(self):\n\t\treturn sum(self.prices)\n",
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "shop.py").write_bytes(SHOP)
    (folder / "test_shop.py").write_text(TESTS)
    request = OptimizeRequest(target="shop.py::Basket.total", folder=folder)
    launcher = Launcher(Path(sys.executable), tmp_path_factory.mktemp("scratch"), base_environment=os.environ)
    made = prepare(request, find_subject(request, os.environ), launcher, lambda _: None, lambda: None)
    yield made
    made.workers.close()


def artifact(text: str) -> Artifact:
    return Artifact(parts=(Part(name="Basket.total", text=text),))


def evaluator_of(prepared: Prepared, speed: Speed | None = None, path: str = "swap") -> FunctionEvaluator:
    return FunctionEvaluator(
        artifact("\tdef total(self):\n\t\treturn sum(self.prices) + 1\n"),
        prepared.suite.model_copy(update={"path": path}),
        prepared.unit,
        prepared.workers,
        prepared.cold,
        behaviour=None,
        speed=speed,
        telling_apart=lambda: None,
        file_bytes=lambda text: replaced(prepared.subject.located, text),
        feedback=Feedback(None, (prepared.root,)),
    )


def evaluated(evaluator: FunctionEvaluator, text: str, stage: str = "cases") -> Evaluation:
    ids = [case.id for case in evaluator.cases()["select"]]
    (found,) = evaluator.evaluate([artifact(text)], stage, ids)
    return found


@pytest.mark.parametrize("text", [*GOOD.values(), *BAD.values()], ids=[*GOOD, *BAD])
def test_warm_anew_and_cold_say_the_same(prepared: Prepared, text: str) -> None:
    assert prepared.suite.path == "swap"
    warm, fresh = (evaluated(evaluator_of(prepared, path=path), text) for path in ("swap", "fresh"))
    cold = evaluator_of(prepared).confirm(artifact(text))
    scores = [[result.score for result in each.results] for each in (warm, fresh, cold)]
    assert scores == [scores[0]] * 3
    assert warm.all_passed == (text in GOOD.values())
    assert [r.feedback for r in warm.results] == [r.feedback for r in fresh.results]


def test_what_raises_in_a_helper_is_told_with_the_helpers_line(prepared: Prepared) -> None:
    for path in ("swap", "fresh"):
        found = evaluated(evaluator_of(prepared, path=path), BAD["raises"])
        assert found.results[0].feedback.startswith("KeyError: 1\nRaised in line 2: raise KeyError(1)\n")


def test_an_added_import_that_fails_is_said(prepared: Prepared) -> None:
    found = evaluated(evaluator_of(prepared), BAD["not there"])
    assert "No module named 'nowhere'" in found.results[0].feedback
    assert {result.score for result in found.results} == {0.0}


def test_candidates_do_not_see_what_one_before_them_added(prepared: Prepared) -> None:
    evaluator = evaluator_of(prepared)
    assert evaluated(evaluator, GOOD["helper"]).all_passed
    bare = "\tdef total(self):\n\t\treturn added(self.prices)\n"
    assert "name 'added' is not defined" in evaluated(evaluator, bare).results[0].feedback
    ids = [case.id for case in evaluator.cases()["select"]]
    screened = list(evaluator.evaluate([artifact(GOOD["helper"]), artifact(bare)], "screen", ids))
    assert [each.all_passed for each in screened] == [True, False]


def test_what_cannot_land_is_refused_with_the_reason_and_nothing_is_run(prepared: Prepared) -> None:
    taken = "def math():\n\treturn 1\n\n\tdef total(self):\n\t\treturn 1\n"
    found = evaluated(evaluator_of(prepared), taken)
    assert found.rejected
    assert {r.feedback for r in found.results} == {"it adds the name math, which the module has already"}
    assert not evaluated(evaluator_of(prepared), taken, "screen").all_passed
    assert "which the module has already" in evaluator_of(prepared).confirm(artifact(taken)).note


def test_the_file_that_is_confirmed_is_the_one_that_is_written(prepared: Prepared) -> None:
    written = replaced(prepared.subject.located, GOOD["helper"])
    assert written == SHOP.replace(
        b"class Basket", b"def added(prices):\r\n\treturn sum(prices)\r\n\r\n\r\nclass Basket"
    ).replace(b"sum(self.prices) + 1", b"added(self.prices)")


def test_it_is_timed_and_compared_with_what_it_adds(prepared: Prepared) -> None:
    recordings = Recordings(prepared.workers, prepared.suite, tolerance=1e-9, announce=lambda _: None)
    behaviour = recordings.required()
    same = "def added(prices):\n\treturn sum(prices, 1)\n\n\tdef total(self):\n\t\treturn added(self.prices)\n"
    unit = prepared.unit
    assert behaviour.against_original(unit.with_target(same)).difference == ""
    assert (
        "total(Basket(prices=[1, 2])) gives 3"
        in behaviour.against_original(unit.with_target(GOOD["constant"])).difference
    )
    timed = evaluated(evaluator_of(prepared, Speed(prepared.workers)), same, "speed")
    assert timed.speed is not None
    assert timed.speed.pairs > 0
