"""Answers that were paid for once: an exact cache in one sqlite file. Knows requests by their names only.

A cache is a convenience: whatever is wrong with its file is said once and costs nothing but money.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from secant.models.contract import AnswerText

_SCHEMA = "CREATE TABLE IF NOT EXISTS answers (name TEXT PRIMARY KEY, texts TEXT NOT NULL) WITHOUT ROWID"
_TEXTS = TypeAdapter(tuple[AnswerText, ...])
_BUSY_SECONDS = 5.0


class ResponseCache:
    """The cache at `path`; several processes may share it, and several threads this object."""

    def __init__(self, path: Path, *, tell: Callable[[str], object] = lambda text: None) -> None:
        """`tell` hears, in a sentence, of a file that was rebuilt or cannot be used."""
        self._path = path
        self._tell = tell
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        with self._lock:
            self._reopen()

    def get(self, name: str) -> tuple[AnswerText, ...] | None:
        """The answer under this name, or None."""
        row = self._do("SELECT texts FROM answers WHERE name = ?", name)
        try:
            return None if row is None else _TEXTS.validate_json(row[0])
        except ValidationError:  # of another version, or damaged: asked again, and then replaced
            return None

    def put(self, name: str, texts: tuple[AnswerText, ...]) -> None:
        """Remember an answer."""
        self._do("INSERT OR REPLACE INTO answers VALUES (?, ?)", name, _TEXTS.dump_json(texts).decode())

    def close(self) -> None:
        with self._lock:
            self._disconnect()

    def _do(self, statement: str, *values: str) -> tuple[str] | None:
        """One statement; a damaged file is rebuilt and the statement tried once more."""
        with self._lock:
            for _ in range(2):
                if self._database is None:
                    return None
                try:
                    row = self._database.execute(statement, values).fetchone()
                except sqlite3.OperationalError as error:  # locked, full, read-only: no reason to throw answers away
                    self._give_up(error)
                except sqlite3.DatabaseError as error:
                    self._rebuild(error)
                else:
                    return row
            return None

    def _reopen(self) -> None:
        """Connect, and make the table. A file that is no database is replaced."""
        for _ in range(2):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._database = _connected(self._path)
            except (sqlite3.OperationalError, OSError) as error:
                self._give_up(error)
            except sqlite3.DatabaseError as error:
                self._discard(error)
                continue
            return

    def _rebuild(self, error: Exception) -> None:
        self._discard(error)
        self._reopen()

    def _discard(self, error: Exception) -> None:
        self._disconnect()
        self._tell(f"The cache of model answers was damaged ({error}) and starts empty: {self._path}")
        try:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        except OSError as refused:
            self._give_up(refused)

    def _give_up(self, error: Exception) -> None:
        self._disconnect()
        self._tell(f"The cache of model answers cannot be used ({error}): {self._path}")

    def _disconnect(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        path.chmod(0o600)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(_SCHEMA)
    except BaseException:
        database.close()
        raise
    return database
