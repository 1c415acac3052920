"""The project around a file: root, pytest's configuration, names of modules."""

from __future__ import annotations

from pathlib import Path

import pytest

from secant.errors import ConfigError
from secant.functions.project import Project, find_project


def build(root: Path, **files: str) -> None:
    """Files by path; `/` is written `__` in no name, so paths are given in a dictionary."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


OPTIONS = "testpaths = tests 'more tests'\npython_files = check_*.py\npythonpath = src lib\naddopts = -q # quiet\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", f"[pytest]\n{OPTIONS}"),
        (".pytest.ini", f"[pytest]\n{OPTIONS}"),
        ("tox.ini", f"[tox]\nx = %(y)s\n[pytest]\n{OPTIONS}"),
        ("setup.cfg", f"[tool:pytest]\n{OPTIONS}"),
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\ntestpaths = ['tests', 'more tests']\npython_files = 'check_*.py'\n"
            "pythonpath = 'src lib'\naddopts = '-q'\n",
        ),
        (
            "pytest.toml",
            "[pytest]\ntestpaths = ['tests', 'more tests']\npython_files = ['check_*.py']\n"
            "pythonpath = ['src', 'lib']\naddopts = ['-q']\n",
        ),
        (
            "pyproject.toml",
            "[tool.pytest]\ntestpaths = ['tests', 'more tests']\npython_files = ['check_*.py']\n"
            "pythonpath = ['src', 'lib']\naddopts = ['-q']\n",
        ),
    ],
)
def test_reads_every_kind_of_configuration(tmp_path: Path, name: str, text: str) -> None:
    build(tmp_path, **{name: text, "src/shop/pricing.py": ""})
    project = find_project(tmp_path / "src" / "shop" / "pricing.py")
    assert project == Project(
        root=tmp_path,
        config_file=tmp_path / name,
        testpaths=("tests", "more tests"),
        python_files=("check_*.py",),
        pythonpath=("src", "lib"),
        addopts=("-q",),
    )


def test_an_empty_pytest_ini_wins_over_others_beside_it(tmp_path: Path) -> None:
    build(tmp_path, **{"pytest.ini": "", "pyproject.toml": "[tool.pytest.ini_options]\ntestpaths = 'tests'\n"})
    assert find_project(tmp_path).config_file == tmp_path / "pytest.ini"
    assert find_project(tmp_path).testpaths == ()


def test_the_nearest_options_count_and_a_file_without_any_is_passed_over(tmp_path: Path) -> None:
    build(
        tmp_path, **{"tox.ini": "[pytest]\n", "a/pyproject.toml": "[project]\nname = 'a'\n", "a/b/setup.cfg": "[x]\n"}
    )
    assert find_project(tmp_path / "a" / "b" / "c.py").root == tmp_path


def test_without_options_setup_py_wins_over_a_nearer_pyproject(tmp_path: Path) -> None:
    build(tmp_path, **{"setup.py": "", "a/pyproject.toml": "", "a/b/c.py": ""})
    assert find_project(tmp_path / "a" / "b" / "c.py").root == tmp_path


@pytest.mark.parametrize("marker", ["pyproject.toml", ".git/HEAD"])
def test_without_options_a_project_file_or_repository_is_the_root(tmp_path: Path, marker: str) -> None:
    build(tmp_path, **{marker: "", "a/b/c.py": ""})
    assert find_project(tmp_path / "a" / "b" / "c.py").root == tmp_path


@pytest.mark.parametrize("beside", ["src/shop/a.py", "code/conftest.py"])
def test_without_anything_the_root_is_above_the_package(tmp_path: Path, beside: str) -> None:
    build(tmp_path, **{beside: "", "src/shop/__init__.py": "", "code/shop/__init__.py": "", "code/shop/a.py": ""})
    path = tmp_path / ("src/shop/a.py" if beside.startswith("src") else "code/shop/a.py")
    root = find_project(path).root
    assert root == (tmp_path if beside.startswith("src") else tmp_path / "code")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "no section\n"),
        ("pyproject.toml", "[tool\n"),
        ("pytest.ini", "[pytest]\ntestpaths = 'open\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = 3\n"),
    ],
)
def test_a_broken_configuration_is_named(tmp_path: Path, name: str, text: str) -> None:
    build(tmp_path, **{name: text})
    with pytest.raises(ConfigError) as caught:
        find_project(tmp_path)
    assert str(tmp_path / name) in (caught.value.where or "")


def test_settings_come_along(tmp_path: Path) -> None:
    build(tmp_path, **{"pyproject.toml": "[tool.secant]\nmax-seconds = 3\n", "a/pytest.ini": "", "a/b.py": ""})
    project = find_project(tmp_path / "a" / "b.py")
    assert (project.root, project.settings.max_seconds) == (tmp_path / "a", 3)


def test_which_files_are_tests(tmp_path: Path) -> None:
    project = Project(root=tmp_path)
    assert [project.is_test_file(Path(name)) for name in ("test_a.py", "a_test.py", "a.py", "test_a.txt")] == [
        True,
        True,
        False,
        False,
    ]
    assert Project(root=tmp_path, python_files=("*/unit/*.py",)).is_test_file(Path("tests/unit/a.py"))


@pytest.mark.parametrize(
    ("files", "options", "path", "names"),
    [
        (["shop/__init__.py"], {}, "shop/pricing.py", ["shop.pricing"]),
        (["shop/__init__.py"], {}, "shop/__init__.py", ["shop"]),
        (["src/shop/__init__.py"], {}, "src/shop/pricing.py", ["shop.pricing", "src.shop.pricing"]),
        ([], {}, "pricing.py", ["pricing"]),
        (["src/shop/x.py"], {}, "src/shop/pricing.py", ["shop.pricing", "pricing", "src.shop.pricing"]),
        ([], {"pythonpath": ("lib",)}, "lib/shop/a.py", ["shop.a", "a", "lib.shop.a"]),
        (["lib/shop/__init__.py"], {"pythonpath": ("lib/../lib",)}, "lib/shop/a.py", ["shop.a", "lib.shop.a"]),
        ([], {}, "my-tools/a.py", ["a"]),
    ],
)
def test_names_of_modules(
    tmp_path: Path, files: list[str], options: dict[str, tuple[str, ...]], path: str, names: list[str]
) -> None:
    build(tmp_path, **dict.fromkeys([*files, path], ""))
    project = Project.model_validate({"root": tmp_path, **options})
    assert list(project.module_names(tmp_path / path)) == names


@pytest.mark.parametrize(
    "line",
    [
        'sys.path.insert(0, "code")',
        'sys.path.append(os.path.join(os.path.dirname(__file__), "code"))  # ours',
        'sys.path.insert(0, str(Path(__file__).parent.parent / "code"))',
        'sys.path.insert(0, os.path.join(HERE, "..", "code"))',
    ],
)
def test_folders_that_a_conftest_adds(tmp_path: Path, line: str) -> None:
    build(tmp_path, **{"tests/conftest.py": f"import sys\n{line}\n", "code/shop/pricing.py": ""})
    assert Project(root=tmp_path).module_names(tmp_path / "code/shop/pricing.py")[0] == "shop.pricing"


def test_a_relative_path_is_below_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, **{"pytest.ini": "", "shop/__init__.py": "", "shop/pricing.py": ""})
    monkeypatch.chdir(tmp_path / "shop")
    project = find_project(Path("pricing.py"))
    assert project.root == tmp_path
    assert project.module_names(Path("pricing.py")) == ("shop.pricing",)
