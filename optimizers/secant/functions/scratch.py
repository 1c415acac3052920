"""A run's scratch folder: removed at its end, or by the next run where its process was killed.

The owner holds a lock on a file in it, which the kernel releases with the process: unlike a process id in a name, a
lock says nothing false where ids are used again or belong to another container. Touches nothing else.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Generator
from pathlib import Path

_PREFIX = "secant-"
_OWNER = "owner"


@contextlib.contextmanager
def scratch_folder() -> Generator[Path]:
    """A new folder for as long as the context lasts; first, those whose owners have died are removed."""
    sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
    try:
        with _locked(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(place: Path) -> None:
    """Remove the scratch folders of this user in `place` that no process owns any more. Never fails."""
    with contextlib.suppress(OSError):
        for folder in place.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                if _abandoned(folder):
                    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _locked(folder: Path) -> Generator[None]:
    unready = folder / f"{_OWNER}.new"
    with unready.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        unready.rename(folder / _OWNER)  # whoever finds it finds it locked
        yield


def _abandoned(folder: Path) -> bool:
    """Whether a run made it and has died. Raises OSError, also for a folder that no run made."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return False
    descriptor = os.open(folder / _OWNER, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
