"""A copy of the user's project in which a candidate stands in its file, so that tests may write and nothing is touched.

Folders that tests do not need (version control, virtual environments, caches) are left out, very large files are
linked. The compiled form of the target's module is left out too: it would be taken for the candidate's.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from secant.errors import WriteRefused

_LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", ".secant", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
     ".idea", ".vscode", "node_modules", ".venv", "venv"}
)  # fmt: skip
_LINKED_ABOVE_BYTES = 16 << 20


class Mirror:
    """One copy of `root` below `folder`. Removed by `close`."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.source = root
        self.root = folder / root.name if root.name else folder / "root"
        shutil.copytree(root, self.root, symlinks=True, ignore=self._ignored, copy_function=_copy_or_link)

    def path(self, original: Path) -> Path:
        """Where a file of the project stands in the copy; a file elsewhere is itself."""
        try:
            return self.root / original.relative_to(self.source)
        except ValueError:
            return original

    def holds(self, original: Path) -> bool:
        """Whether the copy has, or would have, a place of its own for the file."""
        if not original.is_relative_to(self.source):
            return False
        below = original.relative_to(self.source).parts
        folders = [self.source.joinpath(*below[:depth]) for depth in range(1, len(below))]
        left_out = any(folder.name in _LEFT_OUT or _is_virtual_environment(folder) for folder in folders)
        return not left_out and _real(self.path(original).parent).is_relative_to(_real(self.root))

    def write(self, original: Path, data: bytes) -> None:
        """Put `data` in the place of a file of the project, which may be a new one. Raises WriteRefused for others."""
        if not self.holds(original):  # by a link, the copy's place would be the user's own file
            raise WriteRefused(
                f"it lies outside of the folder that is copied, {self.source}",
                hint="Open the project that the file belongs to.",
                where=str(original),
            )
        copy = self.path(original)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        copy.write_bytes(data)
        for compiled in (copy.parent / "__pycache__").glob(f"{copy.stem}.*.pyc"):
            compiled.unlink()

    def import_path(self, entries: Sequence[str]) -> list[str]:
        """The entries of an import path that lie in the project, as they are in the copy (editable installs)."""
        inside: list[str] = []
        for entry in entries:
            path = Path(entry)
            if path.is_absolute() and path.is_relative_to(self.source) and not _is_environment(path):
                inside.append(str(self.path(path)))
        return list(dict.fromkeys(inside))

    def close(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    def _ignored(self, folder: str, names: list[str]) -> set[str]:
        return {name for name in names if name in _LEFT_OUT or _is_virtual_environment(Path(folder, name))}


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _is_virtual_environment(path: Path) -> bool:
    return (path / "pyvenv.cfg").is_file()


def _is_environment(path: Path) -> bool:
    return any(part in {"site-packages", "dist-packages"} for part in path.parts)


def _copy_or_link(source: str, destination: str) -> None:
    """Copy with the times that compiled files are checked against; link what is too large to copy each time."""
    try:
        if Path(source).stat().st_size > _LINKED_ABOVE_BYTES:
            Path(destination).symlink_to(source)
        else:
            shutil.copy2(source, destination)
    except FileNotFoundError:
        pass  # it vanished meanwhile, as temporary files of editors do
