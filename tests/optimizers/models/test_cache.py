"""The response cache: exact, shared, and never a reason to fail."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from secant.models.cache import ResponseCache
from secant.models.contract import AnswerText

TEXTS = (AnswerText(text="é\n{x}"), AnswerText(text="", finish="length"))


def test_what_was_put_is_found_by_another_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "cache.sqlite"
    first = ResponseCache(path)
    first.put("a", TEXTS)
    second = ResponseCache(path)
    assert second.get("a") == TEXTS
    assert second.get("b") is None
    second.put("a", TEXTS[:1])
    assert first.get("a") == TEXTS[:1]
    first.close()
    second.close()
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_said_and_rebuilt(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cache.sqlite"
    path.write_bytes(content)
    told: list[str] = []
    cache = ResponseCache(path, tell=told.append)
    cache.put("a", TEXTS)
    assert cache.get("a") == TEXTS
    assert len(told) == 1
    assert "damaged" in told[0]
    cache.close()


def test_damage_that_shows_later_is_said_and_rebuilt(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    cache = ResponseCache(path)
    for number in range(200):
        cache.put(f"{number}" * 50, TEXTS)
    cache.close()
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    told: list[str] = []
    cache = ResponseCache(path, tell=told.append)
    assert cache.get("1" * 50) is None
    cache.put("a", TEXTS)
    assert cache.get("a") == TEXTS
    assert len(told) == 1
    cache.close()


def test_a_row_that_cannot_be_read_is_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    cache = ResponseCache(path)
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO answers VALUES ('a', 'no json')")
    assert cache.get("a") is None
    cache.put("a", TEXTS)
    assert cache.get("a") == TEXTS
    cache.close()


def test_a_place_where_nothing_can_be_kept_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told: list[str] = []
    cache = ResponseCache(tmp_path / "file" / "cache.sqlite", tell=told.append)
    cache.put("a", TEXTS)
    assert cache.get("a") is None
    assert len(told) == 1
    assert "cannot be used" in told[0]


def test_threads_share_it(tmp_path: Path) -> None:
    cache = ResponseCache(tmp_path / "cache.sqlite")
    threads = [threading.Thread(target=lambda i=i: [cache.put(f"{i}/{j}", TEXTS) for j in range(20)]) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(cache.get(f"{i}/{j}") == TEXTS for i in range(4) for j in range(20))
    cache.close()
