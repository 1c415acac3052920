"""Which test files could test a function, in which order, and for which reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from secant.functions import testfiles
from secant.functions.locate import locate
from secant.functions.project import find_project
from secant.functions.target import parse_target
from secant.functions.testfiles import Relevance
from secant.functions.textfile import read_text_file

PRICING = """\
def rate(n):
    def inner(): return n
    return inner()

class Basket:
    def total(self): return 1
    def __len__(self): return 2
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, {"pytest.ini": "[pytest]\n", "src/shop/__init__.py": "", "src/shop/pricing.py": PRICING})
    return tmp_path


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def candidates(root: Path, name: str = "rate", path: str = "src/shop/pricing.py") -> list[testfiles.TestFile]:
    file = read_text_file(root / path)
    return testfiles.candidates(find_project(file.path), locate(file, parse_target(f"{file.path}::{name}")))


def reasons(root: Path, name: str = "rate") -> dict[str, str]:
    return {item.path.relative_to(root).as_posix(): item.why for item in candidates(root, name)}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from shop.pricing import rate\n", "imports shop.pricing and names rate"),
        ("import shop.pricing as p\np.rate\n", "imports shop.pricing and names rate"),
        ("from shop import pricing\npricing.rate()\n", "imports shop.pricing and names rate"),
        ("from src.shop.pricing import rate\n", "imports src.shop.pricing and names rate"),
        ("from shop.pricing import *\nassert rate\n", "imports shop.pricing and names rate"),
        ("def test():\n    from shop.pricing import rate\n", "imports shop.pricing and names rate"),
        ("p = importlib.import_module('shop.pricing')\np.rate\n", "imports shop.pricing and names rate"),
        ("from shop import rate\n", "imports shop.rate and names rate"),
        ("import shop\nshop.rate(1)\n", "imports shop and names rate"),
        ("from shop.pricing import Basket\n", "imports shop.pricing"),
        ("import shop\nshop.other(1)\n", None),
        ("from shop import other\nrate = 1\n", "names rate"),
        ("@mock.patch('shop.pricing.rate')\ndef test(): ...\n", "names rate"),
        ("x.rate\n", "names rate"),
        ("x.rates\n", None),
        ("import shopping.pricing\n", None),
        ("import pandas\n", None),
    ],
)
def test_reasons(root: Path, text: str, why: str | None) -> None:
    write(root, {"tests/test_a.py": text})
    assert reasons(root).get("tests/test_a.py") == why


def test_the_likeliest_come_first(root: Path) -> None:
    write(
        root,
        {
            "tests/test_a.py": "x.rate\n",
            "tests/test_b.py": "import shop.pricing\n",
            "tests/test_c.py": "from shop.pricing import rate\n",
            "tests/test_pricing.py": "import subprocess\n",
            "tests/unit/pricing_test.py": "from shop.pricing import rate\n",
            "tests/test_d.py": "import os\n",
        },
    )
    found = [(item.path.name, item.relevance) for item in candidates(root)]
    assert found == [
        ("pricing_test.py", Relevance.IMPORTS_AND_NAMES),
        ("test_c.py", Relevance.IMPORTS_AND_NAMES),
        ("test_b.py", Relevance.IMPORTS),
        ("test_a.py", Relevance.NAMES),
        ("test_pricing.py", Relevance.NEAR),
    ]


def test_a_method_is_named_by_itself_and_a_special_one_by_its_class(root: Path) -> None:
    write(root, {"tests/test_a.py": "from shop.pricing import Basket\nlen(Basket())\n"})
    assert reasons(root, "Basket.total") == {"tests/test_a.py": "imports shop.pricing"}
    assert reasons(root, "Basket.__len__") == {"tests/test_a.py": "imports shop.pricing and names Basket"}


def test_a_nested_function_is_tested_through_the_one_around_it(root: Path) -> None:
    write(root, {"tests/test_a.py": "from shop.pricing import rate\n"})
    assert reasons(root, "rate.inner") == {"tests/test_a.py": "imports shop.pricing and names rate"}


def test_an_import_in_a_conftest_above_counts(root: Path) -> None:
    write(
        root,
        {
            "tests/conftest.py": "from shop.pricing import Basket\n",
            "tests/unit/test_a.py": "def test(basket): basket.total()\n",
            "test_b.py": "def test(basket): basket.total()\n",
        },
    )
    assert reasons(root, "Basket.total") == {
        "tests/unit/test_a.py": "its conftest.py imports shop.pricing and names total",
        "test_b.py": "names total",
    }


def test_a_fixture_may_hand_the_function_on(root: Path) -> None:
    write(root, {"tests/conftest.py": "from shop.pricing import rate\n", "tests/test_a.py": "def test(fixture): ...\n"})
    assert reasons(root) == {"tests/test_a.py": "its conftest.py imports shop.pricing"}


def test_a_function_in_a_conftest_is_tested_by_the_files_below(root: Path) -> None:
    write(root, {"tests/conftest.py": "def made(): return 1\n", "tests/test_a.py": "def test(fixture): ...\n"})
    assert [item.why for item in candidates(root, "made", "tests/conftest.py")] == [
        "its conftest.py holds the function"
    ]


def test_relative_imports(root: Path) -> None:
    write(
        root,
        {
            "src/shop/tests/__init__.py": "",
            "src/shop/tests/test_a.py": "from ..pricing import rate\n",
            "src/shop/tests/test_b.py": "from .. import pricing\npricing.rate\n",
            "src/shop/test_c.py": "from .pricing import rate\n",
            "src/shop/test_d.py": "from . import rate\n",
        },
    )
    assert reasons(root) == {
        "src/shop/test_c.py": "imports shop.pricing and names rate",
        "src/shop/test_d.py": "imports shop.rate and names rate",
        "src/shop/tests/test_a.py": "imports shop.pricing and names rate",
        "src/shop/tests/test_b.py": "imports shop.pricing and names rate",
    }


def test_a_file_that_holds_function_and_tests(root: Path) -> None:
    write(root, {"test_own.py": "def rate(): return 1\ndef test_rate(): assert rate() == 1\n"})
    assert [item.why for item in candidates(root, path="test_own.py")] == ["holds the function itself"]


def test_doctests_count_where_pytest_runs_them(root: Path) -> None:
    write(root, {"src/shop/pricing.py": 'def rate():\n    """>>> 1\n    1"""\n'})
    assert reasons(root) == {}
    write(root, {"pytest.ini": "[pytest]\naddopts = --doctest-modules\n"})
    assert reasons(root) == {"src/shop/pricing.py": "has doctest examples (--doctest-modules)"}


def test_environments_builds_and_hidden_folders_are_skipped(root: Path) -> None:
    text = "from shop.pricing import rate\n"
    skipped = ["venv", "node_modules/x", ".tox", "build", "x/site-packages", "__pycache__", "custom"]
    write(root, {f"{folder}/test_a.py": text for folder in skipped})
    write(root, {"custom/pyvenv.cfg": "", "kept/test_a.py": text})
    assert list(reasons(root)) == ["kept/test_a.py"]


def test_the_configuration_says_where_and_how_tests_are_called(root: Path) -> None:
    text = "from shop.pricing import rate\n"
    write(root, {"pytest.ini": "[pytest]\ntestpaths = chec*\npython_files = check_*.py\nnorecursedirs = old\n"})
    write(root, {f"{name}.py": text for name in ("checks/check_a", "checks/test_b", "checks/old/check_c", "x/check_d")})
    assert list(reasons(root)) == ["checks/check_a.py"]


def test_without_any_in_the_testpaths_the_whole_project_is_searched(root: Path) -> None:
    write(root, {"pytest.ini": "[pytest]\ntestpaths = tests\n", "tests/test_a.py": "import os\n"})
    write(root, {"other/test_b.py": "from shop.pricing import rate\n"})
    assert list(reasons(root)) == ["other/test_b.py"]


def test_tests_beside_the_function_count_wherever_the_testpaths_are(root: Path) -> None:
    text = "from shop.pricing import rate\n"
    write(root, {"pytest.ini": "[pytest]\ntestpaths = tests\nnorecursedirs = src\n", "tests/test_a.py": text})
    write(root, {"src/shop/test_b.py": text, "src/shop/tests/test_c.py": text, "src/shop/deep/test_d.py": text})
    assert list(reasons(root)) == ["src/shop/test_b.py", "src/shop/tests/test_c.py", "tests/test_a.py"]


def test_a_test_file_with_a_syntax_error_is_reported(root: Path) -> None:
    write(root, {"tests/test_a.py": "from shop.pricing import rate\ndef test(:\n"})
    (item,) = candidates(root)
    assert (item.relevance, item.why) == (Relevance.NAMES, "names rate")
    assert item.problem is not None
    assert "test_a.py:2: syntax error" in item.problem


def test_a_test_file_that_is_not_text_is_reported(root: Path) -> None:
    (root / "test_a.py").write_bytes(b"# rate \xff\n")
    (item,) = candidates(root)
    assert item.problem is not None
    assert "utf-8" in item.problem


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_name_beyond_ascii_is_found_in_any_encoding(root: Path, encoding: str) -> None:
    write(root, {"src/shop/pricing.py": "def été(): return 1\n"})
    (root / "test_a.py").write_bytes(f"# coding: {encoding}\nx.été()\n".encode(encoding))
    assert reasons(root, "été") == {"test_a.py": "names été"}


def test_nothing_is_nothing(root: Path) -> None:
    assert candidates(root) == []
