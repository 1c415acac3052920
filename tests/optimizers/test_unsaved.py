"""Whole runs on what an editor holds unsaved, with real workers: target, helper, new test file; odd bytes and paths."""

from __future__ import annotations

import codecs
import os
import site
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from secant import engine
from secant.cancellation import Cancellation
from secant.config import OptimizeRequest
from secant.events import Baseline, Event, Failed, Finished, Notice, TargetFound, TestsFound
from secant.journal import RunStore

pytestmark = pytest.mark.usefixtures("preloaded_workers")

ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
FILES = {
    "pyproject.toml": "[tool.pytest.ini_options]\n",
    "src/shop/__init__.py": "",
    "src/shop/rates.py": "def share(amount):\n    return amount // 4\n",
    "src/shop/prices.py": "def price(amount):\n    return amount\n",
    "tests/test_shop.py": "from shop.prices import price\n\ndef test_nothing():\n    assert price(0) == 0\n",
}
"""What is on disk: nothing in it fails."""
UNSAVED = {
    "src/shop/rates.py": "def share(amount):\n    return amount // 5\n",
    "src/shop/prices.py": "from shop.rates import share\n\ndef price(amount):\n    # less a share\n    return amount + "
    "share(amount)\n\nLAST = 1",
    "tests/test_price.py": "from shop.prices import price\n\ndef test_a_fifth_is_off():\n    assert price(10) == 8\n",
}
"""A caller, another share, and a test that fails, none of it saved."""
FIXED = "def price(amount):\n    # less a share\n    return amount - share(amount)\n"


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")
    return folder


def run(folder: Path, unsaved: Mapping[str, str], target: str, **fields: Any) -> list[Event]:
    events: list[Event] = []
    buffers = {str(folder / name): text for name, text in unsaved.items()}
    request = OptimizeRequest(target=target, folder=folder, buffers=buffers, **fields)
    engine.optimize(request, [events.append], Cancellation(), ENVIRONMENT)
    return events


def only(events: list[Event], kind: type[Event]) -> Any:
    (event,) = [event for event in events if isinstance(event, kind)]
    return event


def content(folder: Path) -> dict[str, bytes]:
    kept = (path for path in folder.rglob("*") if path.is_file() and ".secant" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept if path.suffix in {".py", ".toml"}}


class Editing:
    """One run on a src layout that is installed for editing by a .pth file, as its environment's tools do."""

    def __init__(self, top: Path) -> None:
        self.folder = write(top / "project", FILES)
        self.before = content(self.folder)
        venv.create(top / "env", with_pip=False, symlinks=True)
        (packages,) = (top / "env" / "lib").glob("python*/site-packages")
        (packages / "project.pth").write_text(f"{self.folder / 'src'}\n{site.getsitepackages()[0]}\n")
        windows = {name: text.replace("\n", "\r\n") for name, text in UNSAVED.items()}
        python = str(top / "env" / "bin" / "python")
        self.events = run(self.folder, windows, "src/shop/prices.py::price", python=python, max_evaluations=400)


@pytest.fixture(scope="module")
def editing(tmp_path_factory: pytest.TempPathFactory) -> Editing:
    return Editing(tmp_path_factory.mktemp("editing"))


def test_a_run_sees_the_unsaved_texts_of_all_files(editing: Editing) -> None:
    """The failing test, the call that is wrong and the share that makes it 8 exist in buffers alone."""
    assert only(editing.events, Baseline).failed == ("tests/test_price.py::test_a_fifth_is_off",)
    finished = only(editing.events, Finished)
    assert (finished.outcome, finished.source) == ("improved", FIXED)
    assert (finished.tests.passed, finished.tests.total) == (2, 2)
    assert {test.id for test in only(editing.events, TestsFound).tests} == {
        "tests/test_price.py::test_a_fifth_is_off",
        "tests/test_shop.py::test_nothing",
    }


def test_the_target_is_told_as_the_user_sees_it(editing: Editing) -> None:
    found = only(editing.events, TargetFound)
    assert found.path == str(editing.folder / "src" / "shop" / "prices.py")
    assert (found.first_line, found.last_line) == (3, 5)
    assert found.text == FIXED.replace("-", "+")


def test_nothing_of_the_project_is_written(editing: Editing) -> None:
    assert content(editing.folder) == editing.before


def test_the_journal_knows_the_texts_and_the_report_does_not_print_them(editing: Editing) -> None:
    from secant.report import report

    run_id = editing.events[-1].run
    kept = list(RunStore(editing.folder).read(run_id))
    request = OptimizeRequest.model_validate(dict(getattr(kept[0], "request", {})))
    assert request.buffers[str(editing.folder / "src" / "shop" / "prices.py")].startswith("from shop.rates")
    page = report(kept)
    assert "tests/test_price.py" in page
    assert "less a share\r" not in page


PLAIN = {
    "pytest.ini": "[pytest]\n",
    "a.py": "def f(x):\n    return x\n",
    "test_a.py": "from a import f\n\ndef test_f():\n    assert f(1) == 1\n",
}


@pytest.mark.usefixtures("started_workers")
def test_a_byte_order_mark_stays_out_of_the_text(tmp_path: Path) -> None:
    write(tmp_path, PLAIN)
    (tmp_path / "a.py").write_bytes(codecs.BOM_UTF8 + b"def f(x):\n    return x\n")
    events = run(tmp_path, {"a.py": "def f(x):\n    return 2 * x\n"}, "a.py::f", max_evaluations=0)
    assert only(events, Baseline).failed == ("test_a.py::test_f",)
    assert only(events, TargetFound).text == "def f(x):\n    return 2 * x\n"


def test_an_unsaved_conftest_counts_and_named_tests_may_be_new(tmp_path: Path) -> None:
    write(tmp_path, PLAIN)
    unsaved = {
        "conftest.py": "import pytest\n\n@pytest.fixture\ndef one():\n    return 1\n",
        "test_new.py": "from a import f\n\ndef test_one(one):\n    assert f(one) == 1\n",
    }
    events = run(tmp_path, unsaved, "a.py:1", goal="fix", tests=("test_new.py::test_one",))
    assert [test.id for test in only(events, TestsFound).tests] == ["test_new.py::test_one"]
    assert only(events, Finished).reason.startswith("all 1 tests pass already")


@pytest.mark.parametrize(
    ("unsaved", "said"),
    [
        ({"a.py": "def f(x):\n    return (x\n"}, "syntax error"),
        ({"a.py": "# coding: latin-1\nEURO = '€'\n\ndef f(x):\n    return x\n"}, "iso-8859-1 cannot write"),
        ({"test_a.py": "# coding: latin-1\nEURO = '€'\n"}, "iso-8859-1 cannot write"),
        ({"test_a.py": "from a import f\n\ndef test_f(:\n"}, "no test of f was found"),
    ],
)
def test_a_text_that_cannot_be_used_is_a_bad_request(tmp_path: Path, unsaved: Mapping[str, str], said: str) -> None:
    failed = only(run(write(tmp_path, PLAIN), unsaved, "a.py::f"), Failed)
    assert failed.exit_code == 2
    assert said in failed.message


@pytest.mark.usefixtures("started_workers")
def test_an_error_in_collecting_names_the_users_file(tmp_path: Path) -> None:
    write(tmp_path, PLAIN)
    unsaved = {"test_a.py": "from a import f\nfrom a import missing\n\ndef test_f():\n    f(1)\n"}
    failed = only(run(tmp_path, unsaved, "a.py::f"), Failed)
    assert "cannot import name 'missing'" in failed.hint
    assert str(tmp_path / "a.py") in failed.hint


def test_a_result_on_unsaved_text_is_not_written(tmp_path: Path) -> None:
    (failed,) = run(write(tmp_path, PLAIN), {"a.py": "def f(x):\n    return 0\n"}, "a.py::f", apply=True)
    assert isinstance(failed, Failed)
    assert failed.exit_code == 2
    assert "unsaved text" in failed.message
    assert (tmp_path / "a.py").read_text() == PLAIN["a.py"]


def test_a_run_on_unsaved_text_is_gone_on_with(editing: Editing) -> None:
    """Its texts are in its journal: what is on disk does not matter."""
    store = RunStore(editing.folder)
    lines = store.path(editing.events[-1].run).read_bytes().splitlines(keepends=True)
    begun = next(number for number, line in enumerate(lines) if b'"type":"updated"' in line)
    store.path("killed").write_bytes(b"".join(lines[: begun + 1]))
    events: list[Event] = []
    engine.resume(store, "killed", [events.append], Cancellation(), ENVIRONMENT)
    assert only(events, Finished).source == FIXED
    assert not [event for event in events if isinstance(event, Notice)]


# A file that is not where it seems to be


@pytest.mark.parametrize("unsaved", [{}, {"a.py": "def f(x):\n    return x - 1\n"}])
def test_a_file_behind_a_link_is_tried_on_the_copy_and_stays_as_it_is(
    tmp_path: Path, unsaved: Mapping[str, str]
) -> None:
    folder = write(tmp_path / "project", {**PLAIN, "test_a.py": PLAIN["test_a.py"].replace("== 1", "== 2")})
    outside = (folder / "a.py").rename(tmp_path / "elsewhere.py")
    (folder / "a.py").symlink_to(outside)
    finished = only(run(folder, unsaved, "a.py::f", max_evaluations=400), Finished)
    assert finished.outcome == "improved"
    assert outside.read_text() == PLAIN["a.py"]


def test_a_file_in_a_folder_behind_a_link_is_refused(tmp_path: Path) -> None:
    """Its place in a copy of the project would be the user's own file."""
    folder = write(tmp_path / "project", PLAIN)
    outside = write(tmp_path / "outside", {"b.py": PLAIN["a.py"]})
    (folder / "linked").symlink_to(outside)
    failed = only(run(folder, {}, "linked/b.py::f"), Failed)
    assert failed.exit_code == 2
    assert "outside of the project" in failed.message
    assert failed.hint == f"Name it where it is: {outside / 'b.py'}"
