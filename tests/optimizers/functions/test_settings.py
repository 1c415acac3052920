"""The table [tool.secant]."""

from __future__ import annotations

from pathlib import Path

import pytest

from secant.errors import ConfigError
from secant.functions.settings import Settings, read_settings


def write(folder: Path, table: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(table)
    return folder


def test_reads_every_key(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[tool.secant]\npython = ".venv"\ntests = ["tests/unit"]\npass-environment = ["DB_URL"]\n'
        'isolation = "landlock"\nmax-seconds = 5\n',
    )
    assert read_settings(tmp_path) == Settings(
        python=".venv",
        tests=("tests/unit",),
        pass_environment=("DB_URL",),
        isolation="landlock",
        max_seconds=5,
        folder=tmp_path,
    )


def test_the_nearest_table_counts_and_a_file_without_one_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "[tool.secant]\nmax-seconds = 1\n")
    inner = write(tmp_path / "a" / "b", "[project]\nname = 'b'\n")
    assert read_settings(inner).max_seconds == 1
    write(tmp_path / "a", "[tool.secant]\n")
    assert read_settings(inner) == Settings(folder=tmp_path / "a")


def test_there_may_be_none(tmp_path: Path) -> None:
    assert read_settings(tmp_path).folder is None


@pytest.mark.parametrize(
    ("table", "message", "hint"),
    [
        ("[tool.secant]\nmax_second = 5\n", "no setting 'max_second'", "Did you mean max-seconds?"),
        ("[tool.secant]\nmax_seconds = 5\n", "no setting 'max_seconds'", "Did you mean max-seconds?"),
        ("[tool.secant]\nfolder = 'x'\n", "no setting 'folder'", "python, tests"),
        ("[tool.secant]\nmax-seconds = 0\n", "max-seconds: Input should be greater than 0", ""),
        ("[tool.secant]\nisolation = 'none'\n", "isolation: Input should be 'auto'", ""),
        ("[tool.secant\n", "cannot be read", "Correct it"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, table: str, message: str, hint: str) -> None:
    write(tmp_path, table)
    with pytest.raises(ConfigError) as caught:
        read_settings(tmp_path)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert str(tmp_path / "pyproject.toml") in (caught.value.where or "")
