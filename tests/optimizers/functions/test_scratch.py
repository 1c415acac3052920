"""Scratch folders: gone with their run, and with the next run where theirs was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from secant.functions.scratch import scratch_folder, sweep

OWNER = """
import sys
from secant.functions.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "scratch").mkdir()
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


def test_it_is_gone_with_its_run(place: Path) -> None:
    with scratch_folder() as folder:
        assert folder.parent == place.resolve()
        (folder / "file").touch()
        sweep(place)
        assert (folder / "file").exists()
    assert list(place.iterdir()) == []


def test_the_next_run_removes_what_a_killed_one_left(place: Path) -> None:
    command = [sys.executable, "-c", OWNER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        left = Path(killed.stdout.readline().strip())
        with scratch_folder():
            assert (left / "scratch").is_dir(), "its owner is alive"
        killed.kill()
    assert left.is_dir()
    with scratch_folder() as folder:
        assert list(place.iterdir()) == [folder]


def test_what_no_run_made_is_left_alone(place: Path) -> None:
    for name in ("secant-report", "other"):
        (place / name).mkdir()
    (place / "other" / "owner").touch()
    (place / "secant-file").touch()
    (place / "secant-link").symlink_to(place / "other")
    before = sorted(place.rglob("*"))
    sweep(place)
    sweep(place / "missing")
    assert sorted(place.rglob("*")) == before
