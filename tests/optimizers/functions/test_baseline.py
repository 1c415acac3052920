"""Which tests judge, which look on, which are left out, and by which path: on real workers."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from secant.errors import CollectionError
from secant.functions.suite import JudgingTest
from tests.optimizers.functions.shapes import SECONDS, Bench, bench_of

pytestmark = pytest.mark.usefixtures("preloaded_workers")

MODULE = "def double(n):\n    return 2 * n\n"
HEAD = "import os\nimport sys\nimport time\nfrom numbers_ import double\n\n"


Made = Callable[..., Bench]


@pytest.fixture
def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Made:
    """A bench on a project whose tests are given."""

    def made(tests: str, module: str = MODULE, *, test_seconds: float = SECONDS, **more: str) -> Bench:
        files = {"numbers_.py": module, "test_numbers.py": HEAD + tests}
        files |= {f"{name}.py": text for name, text in more.items()}
        one = bench_of(tmp_path, "numbers_.py::double", files, test_seconds=test_seconds)
        request.addfinalizer(one.close)
        return one

    return made


def ids(tests: Sequence[JudgingTest]) -> list[str]:
    return [test.id.partition("::")[2] for test in tests]


def whys(bench: Bench) -> dict[str, str]:
    return {test.id.partition("::")[2]: test.why for test in bench.suite.left_out}


def test_who_calls_judges_and_who_does_not_looks_on(bench: Made) -> None:
    made = bench("def test_calls():\n    assert double(1) == 2\n\ndef test_other():\n    assert double\n")
    assert (ids(made.suite.tests), ids(made.suite.onlookers)) == (["test_calls"], ["test_other"])
    assert whys(made) == {"test_other": "does not call the function"}
    assert (made.suite.path, made.suite.any_order) == ("swap", True)


def test_what_was_seen_of_a_failing_test(bench: Made) -> None:
    made = bench(
        "def test_fails():\n    double([1, {}['x']])\n\ndef test_in_it():\n    double(None)\n",
        MODULE.replace("2 * n", "n + 1"),
    )
    (outside, inside) = made.suite.onlookers + made.suite.tests
    assert outside.error == "KeyError"
    assert (inside.error, inside.error_line, inside.lines) == ("TypeError", 2, (2,))
    assert "NoneType" in inside.message


def test_hanging_is_the_functions_fault_only_where_it_is(bench: Made) -> None:
    module = "def double(n):\n    while n == 3:\n        pass\n    return 2 * n\n"
    tests = (
        "def test_before():\n    while True:\n        pass\n\n"
        "def test_behind():\n    double(1)\n    while True:\n        pass\n\n"
        "def test_inside():\n    assert double(3) == 6\n\n"
        "def test_good():\n    assert double(1) == 2\n"
    )
    made = bench(tests, module, test_seconds=0.5)
    assert whys(made) == {
        "test_before": "hangs before it calls the function",
        "test_behind": "hangs outside the function",
    }
    assert {t.id.partition("::")[2]: t.outcome for t in made.suite.tests} == {
        "test_inside": "timeout",
        "test_good": "passed",
    }
    assert made.suite.path == "swap"


@pytest.mark.usefixtures("started_workers")
def test_dying_is_the_functions_fault_only_where_it_was_called(bench: Made) -> None:
    tests = (
        "def test_dies():\n    os._exit(0)\n\n"
        "def test_dies_in_it():\n    double(0)\n\n"
        "def test_good():\n    assert double(1) == 2\n"
    )
    made = bench(tests, "import os\n\ndef double(n):\n    return n and 2 * n or os._exit(1)\n")
    assert whys(made) == {"test_dies": "ends the test process before it calls the function"}
    assert [(name, t.outcome) for name, t in zip(ids(made.suite.tests), made.suite.tests, strict=True)] == [
        ("test_dies_in_it", "crash"),
        ("test_good", "passed"),
    ]


def test_a_test_that_disagrees_with_itself_is_flaky(bench: Made) -> None:
    tests = (
        "import random\nimport pytest\n\n@pytest.mark.parametrize('n', range(12))\ndef test_coin(n):\n"
        "    assert double(random.randrange(2))\n\ndef test_good():\n    assert double(1) == 2\n"
    )
    made = bench(tests)
    assert ids(made.suite.tests) == ["test_good"]
    assert set(whys(made).values()) == {"flaky: it passes and fails on the same code"}


@pytest.mark.usefixtures("started_workers")
def test_a_test_that_hangs_on_the_order_of_sets_is_flaky(bench: Made) -> None:
    """Under two seeds that are always the same, so what is found is the same every time."""
    made = bench(
        "import pytest\n\n@pytest.mark.parametrize('n', range(12))\ndef test_order(n):\n"
        "    assert double(1) == 2 and hash('word %d' % n) % 2\n"
    )
    under = [odd_hashes(seed) for seed in ("0", "1")]
    differing = {f"test_order[{n}]" for n in under[0] ^ under[1]}
    assert differing
    assert whys(made) == dict.fromkeys(differing, "flaky: it passes and fails on the same code")
    assert len(made.suite.tests) == 12 - len(differing)


def odd_hashes(seed: str) -> set[int]:
    code = "print([n for n in range(12) if hash('word %d' % n) % 2])"
    told = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
    )
    return set(json.loads(told.stdout))


def test_tests_that_build_on_each_other_keep_their_order(bench: Made) -> None:
    tests = (
        "STATE = []\n\ndef test_slow_start():\n    time.sleep(0.05)\n    STATE.append(double(1))\n\n"
        "def test_then():\n    assert STATE == [2] and double(2) == 4\n"
    )
    made = bench(tests)
    assert (made.suite.path, made.suite.any_order) == ("swap", False)
    assert made.verdicts("def double(n):\n    return n + n\n") == {
        "test_numbers.py::test_slow_start": "passed",
        "test_numbers.py::test_then": "passed",
    }


def test_threads_of_an_import_do_not_live_in_a_fork(bench: Made) -> None:
    thread = "import threading\n\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n\n"
    made = bench("def test_good():\n    assert double(1) == 2\n", thread + MODULE)
    assert made.suite.path == "fresh"
    assert "starts threads" in made.suite.path_reason
    assert ids(made.suite.tests) == ["test_good"]


def test_a_copy_on_which_nothing_runs_is_an_error(bench: Made) -> None:
    module = "import os\n\nassert 'secant-cold' not in os.getcwd(), 'not in a copy'\n\n" + MODULE
    with pytest.raises(CollectionError) as error:
        bench("def test_good():\n    assert double(1) == 2\n", module)
    assert "not in a copy" in error.value.hint


@pytest.mark.usefixtures("started_workers")
def test_plugins_that_distribute_reorder_or_measure_are_tamed(bench: Made, tmp_path: Path) -> None:
    plugin = (
        "def pytest_addoption(parser):\n"
        "    parser.addoption('--no-cov', action='store_true', default=False)\n"
        "    parser.addoption('--reruns', type=int, default=0)\n"
        "    parser.addoption('--numprocesses', default=None)\n"
        "    parser.addoption('--dist', default='load')\n\n"
        "def pytest_configure(config):\n"
        "    options = config.option\n"
        "    assert options.no_cov and not options.reruns and options.numprocesses is None and options.dist == 'no'\n"
    )
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\naddopts = "-p fakes --reruns 3 --numprocesses 4"\n'
    )
    made = bench("def test_good():\n    assert double(1) == 2\n", fakes=plugin)
    assert ids(made.suite.tests) == ["test_good"]
    assert made.verdicts("def double(n):\n    return n\n") == {"test_numbers.py::test_good": "failed"}
