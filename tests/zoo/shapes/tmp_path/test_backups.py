import pytest
from backups import rotate


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    log = tmp_path_factory.mktemp("archive") / "log"
    log.write_text("old")
    rotate(log)
    return log


def test_moves(tmp_path):
    log = tmp_path / "log"
    log.write_text("first")
    assert rotate(log) == ["log.1"]
    assert not log.exists()


def test_oldest_is_dropped(tmp_path):
    log = tmp_path / "log"
    for text in ("1", "2", "3"):
        log.write_text(text)
        rotate(log)
    assert (tmp_path / "log.1").read_text() == "3"
    assert (tmp_path / "log.2").read_text() == "2"
    assert not (tmp_path / "log.3").exists()


def test_nothing_there(tmp_path):
    assert rotate(tmp_path / "log") == []


def test_session_folder(archive):
    assert archive.with_name("log.1").read_text() == "old"
