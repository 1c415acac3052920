"""What failed tests say about a candidate, by real workers; and that it says the same in every run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from secant.config import OptimizeRequest
from secant.functions import judge
from secant.functions.evaluator import FunctionEvaluator
from secant.functions.feedback import Feedback
from secant.functions.launching import Launcher
from secant.functions.preparation import Prepared, find_subject, prepare
from secant.functions.steady import steady
from secant.functions.testsource import TestSources, bounded
from secant.functions.writeback import replaced
from secant.types import Artifact, CaseResult, Evaluation, Part

pytestmark = pytest.mark.usefixtures("preloaded_workers")

MODULE = """\
class Basket:
    def __init__(self, prices):
        self.prices = prices

    def total(self, discount=0):
        result = 0
        for price in self.prices:
            result += price
        return result * (1 + discount)
"""
SEED = "".join(line + "\n" for line in MODULE.splitlines()[4:])
TESTS = '''\
import os
import pytest
from basket import Basket


class Common:
    def test_inherited(self):
        assert Basket([2]).total(0.5) == 1.0


class TestBasket(Common):
    @pytest.mark.parametrize("prices", [[1, 2], [3]])
    def test_plain(self, prices):
        assert Basket(prices).total() == sum(prices)

    def test_discount(self):
        """Half the price."""
        basket = Basket([10, 20])
        total = basket.total(0.5)
        assert total == 15.0


def test_file(tmp_path):
    (tmp_path / "prices").write_text("1")
    assert Basket([1]).total(1) == str(tmp_path / "prices")


def test_object():
    assert Basket([]).total() is object()
'''


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder = tmp_path_factory.mktemp("baskets")
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "basket.py").write_text(MODULE)
    (folder / "test_basket.py").write_text(TESTS)
    made = _prepared(folder, tmp_path_factory.mktemp("scratch"))
    yield made
    made.workers.close()


def _prepared(folder: Path, scratch: Path) -> Prepared:
    subject = find_subject(OptimizeRequest(target="basket.py::Basket.total", folder=folder), os.environ)
    launcher = Launcher(Path(sys.executable), scratch, base_environment=os.environ)
    request = OptimizeRequest(target="basket.py::Basket.total", folder=folder)
    return prepare(request, subject, launcher, lambda _: None, lambda: None)


def evaluator_of(prepared: Prepared) -> FunctionEvaluator:
    return FunctionEvaluator(
        artifact(SEED),
        prepared.suite,
        prepared.unit,
        prepared.workers,
        prepared.cold,
        behaviour=None,
        speed=None,
        telling_apart=lambda: None,
        file_bytes=lambda text: replaced(prepared.subject.located, text),
        feedback=Feedback(TestSources(prepared.root), (prepared.root,)),
    )


def artifact(text: str) -> Artifact:
    return Artifact(parts=(Part(name="Basket.total", text=text),))


def evaluated(prepared: Prepared, text: str, stage: str = "cases") -> Evaluation:
    evaluator = evaluator_of(prepared)
    ids = [case.id for case in evaluator.cases()["select"]]
    (found,) = evaluator.evaluate([artifact(text)], stage, ids)
    return found


def result(evaluation: Evaluation, test: str) -> CaseResult:
    return next(r for r in evaluation.results if r.case_id.endswith(test))


def test_a_wrong_result_is_told_with_both_values_the_tests_variables_and_its_source(prepared: Prepared) -> None:
    found = result(evaluated(prepared, SEED.replace("1 + discount", "2 - discount")), "test_discount")
    assert found.feedback == (
        "AssertionError: assert 45.0 == 15.0\n"
        "The test failed at: assert total == 15.0\n"
        "Its variables: basket=Basket(prices=[10, 20]), total=45.0\n"
        "The test:\n"
        "def test_discount(self):\n"
        '    """Half the price."""\n'
        "    basket = Basket([10, 20])\n"
        "    total = basket.total(0.5)\n"
        "    assert total == 15.0"
    )


def test_the_baseline_says_it_in_the_same_words(prepared: Prepared) -> None:
    found = result(evaluator_of(prepared).baseline(), "test_discount")
    assert found.feedback.startswith("AssertionError: assert 45.0 == 15.0\nThe test failed at: assert total == 15.0\n")
    assert result(evaluator_of(prepared).baseline(), "test_plain[prices0]").feedback == ""


def test_an_exception_is_told_with_the_candidates_line_and_its_variables(prepared: Prepared) -> None:
    text = SEED.replace("result += price", "result += prices[price]")
    found = result(evaluated(prepared, text), "test_plain[prices1]")
    assert found.feedback.startswith(
        "NameError: name 'prices' is not defined\n"
        "Raised in line 4: result += prices[price]\n"
        "Variables there: self=Basket(prices=[3]), discount=0, result=0, price=3\n"
        "The test failed at: assert Basket(prices).total() == sum(prices)\n"
        "Its variables: prices=[3]\n"
        'The test:\n@pytest.mark.parametrize("prices", [[1, 2], [3]])\n'
    )
    assert found.error == "none"


def test_of_a_recursion_the_call_from_the_test_is_told_too(prepared: Prepared) -> None:
    text = (
        "    def total(self, discount=0):\n"
        "        if discount > 3:\n"
        "            raise KeyError(discount)\n"
        "        return self.total(discount + 1)\n"
    )
    found = result(evaluated(prepared, text), "test_plain[prices0]")
    assert found.feedback.startswith(
        "KeyError: 4\n"
        "Raised in line 3: raise KeyError(discount)\n"
        "The call from the test had self=Basket(prices=[1, 2]), discount=0\n"
        "Variables there: self=Basket(prices=[1, 2]), discount=4\n"
    )


def test_a_run_without_end_names_its_loop_and_no_time(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "_LEAST_TEST_SECONDS", 0.5)
    text = SEED.replace("        return", "        while discount == 0.5:\n            pass\n        return")
    found = result(evaluated(prepared, text), "test_discount")
    assert found.feedback.startswith(
        "It did not end within its limit of time.\nIt was last in line 5: while discount == 0.5:\nVariables there: "
    )
    assert found.error == "timeout"


def test_the_end_of_the_process_is_told(prepared: Prepared) -> None:
    text = SEED.replace("        return", "        import os\n        os._exit(7)\n        return")
    found = evaluated(prepared, text).results[0]
    assert found.feedback.startswith("The test's process came to an end: exited with status 7")
    assert found.error == "crash"


def test_what_does_not_parse_is_told_with_its_line(prepared: Prepared) -> None:
    found = evaluated(prepared, SEED.replace("for price in", "for in"))
    assert found.note == "syntax error in line 3: invalid syntax\n    for in self.prices:"
    assert {r.error for r in found.results} == {"parse"}
    assert {r.feedback for r in found.results} == {found.note}
    assert evaluated(prepared, "no code at all").note.startswith("syntax error in line 1")
    assert "not exactly one function" in evaluated(prepared, "    x = 1\n").note
    assert evaluated(prepared, SEED.replace("0", "\0")).results[0].error == "parse"


def test_the_first_failure_ends_one_stage_and_every_test_is_run_in_the_other(prepared: Prepared) -> None:
    wrong = SEED.replace("result = 0", "result = 1")
    brief, whole = evaluated(prepared, wrong, "tests"), evaluated(prepared, wrong, "cases")
    assert sum(r.feedback == "not run after a failure" for r in brief.results) == brief.n - 1
    assert not any(r.feedback == "not run after a failure" for r in whole.results)
    assert {r.error for r in brief.results} == {"none"}
    assert (brief.stage, whole.stage) == ("tests", "cases")


@pytest.mark.usefixtures("started_workers")
def test_it_says_the_same_in_another_process(prepared: Prepared, tmp_path: Path) -> None:
    again = _prepared(prepared.root, tmp_path)
    try:
        for text in (SEED, SEED.replace("result = 0", "result = {*'abc', *'xyz'}")):
            first, second = (evaluated(each, text) for each in (prepared, again))
            assert [r.feedback for r in first.results] == [r.feedback for r in second.results]
        one, two = (evaluator_of(each).baseline() for each in (prepared, again))
        assert [r.feedback for r in one.results] == [r.feedback for r in two.results]
    finally:
        again.workers.close()


def test_paths_of_the_run_addresses_and_orders_of_sets_are_left_out() -> None:
    root = Path("/home/ann/shop")
    for given, wanted in {
        "/home/ann/shop/src/a.py is gone": "src/a.py is gone",
        "'/tmp/secant-cold-ab12/shop/data.csv'": "'data.csv'",
        "'/tmp/pytest-of-ann/pytest-3/test_x0/out.txt'": "'.../out.txt'",
        "/tmp/tmpab12cd34 and /tmp/tmpab12cd34/x": ".../tmp and .../x",
        "<a.B object at 0x7f0011223344>": "<a.B object at 0x...>",
        "assert {'b', 'a'} == {}": "assert {'a', 'b'} == {}",
        "{'b': 1}, {b, a}, 0xff": "{'b': 1}, {b, a}, 0xff",
    }.items():
        assert steady(given, (root,)) == wanted


def test_sources_of_tests(prepared: Prepared) -> None:
    sources = TestSources(prepared.root)
    inherited = "def test_inherited(self):\n    assert Basket([2]).total(0.5) == 1.0"
    assert sources.source("test_basket.py::TestBasket::test_inherited") == inherited
    assert sources.source("test_basket.py::TestBasket::test_nothing") == ""
    assert sources.source("gone.py::test") == ""
    assert sources.source("README.md::README.md") == ""
    assert sources.source("test_basket.py::test_file[a::b]").startswith("def test_file(tmp_path):")
    assert bounded("a\nb\nc\n", 4) == "a\nb\n... (1 more lines)"
