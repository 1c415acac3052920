"""The copy in which candidates are verified."""

from pathlib import Path

import pytest

from secant.functions import mirror
from secant.functions.mirror import Mirror


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    files = (
        "src/shop/pricing.py",
        "tests/test_pricing.py",
        ".git/config",
        "env/pyvenv.cfg",
        "env/lib/a.py",
        "data.bin",
    )
    for name in (*files, "src/shop/__pycache__/pricing.cpython-311.pyc", "src/shop/__pycache__/other.cpython-311.pyc"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")
    (root / "latest").symlink_to("data.bin")
    return root


def copied(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}


def test_what_tests_need_is_copied(project: Path, tmp_path: Path) -> None:
    copy = Mirror(project, tmp_path / "scratch")
    left_out = {".git/config", "env/pyvenv.cfg", "env/lib/a.py"}
    assert copied(copy.root) == copied(project) - left_out
    assert (copy.root / "latest").readlink() == Path("data.bin")
    assert (copy.root / "data.bin").stat().st_mtime_ns == (project / "data.bin").stat().st_mtime_ns


def test_a_text_takes_its_files_place_and_nothing_compiled_stays(project: Path, tmp_path: Path) -> None:
    copy, target = Mirror(project, tmp_path / "scratch"), project / "src" / "shop" / "pricing.py"
    copy.write(target, b"changed\n")
    assert copy.path(target).read_bytes() == b"changed\n"
    assert target.read_text() == "# src/shop/pricing.py\n"
    assert [path.name for path in copy.root.rglob("*.pyc")] == ["other.cpython-311.pyc"]


def test_a_file_elsewhere_is_itself(project: Path, tmp_path: Path) -> None:
    copy = Mirror(project, tmp_path / "scratch")
    assert copy.path(tmp_path / "elsewhere.py") == tmp_path / "elsewhere.py"


def test_an_editable_install_is_imported_from_the_copy(project: Path, tmp_path: Path) -> None:
    copy = Mirror(project, tmp_path / "scratch")
    entries = [
        "",
        str(project / "src"),
        "/usr/lib/python3",
        str(project / "env" / "site-packages"),
        str(project / "src"),
    ]
    assert copy.import_path(entries) == [str(copy.root / "src")]


def test_a_very_large_file_is_linked(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror, "_LINKED_ABOVE_BYTES", 10)
    copy = Mirror(project, tmp_path / "scratch")
    assert (copy.root / "data.bin").is_symlink()
    assert (copy.root / "data.bin").read_text() == "# data.bin\n"


def test_closing_removes_it(project: Path, tmp_path: Path) -> None:
    copy = Mirror(project, tmp_path / "scratch")
    copy.close()
    assert not copy.root.exists()
