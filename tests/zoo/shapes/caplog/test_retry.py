import logging

from retry import retry


def failing(times):
    left = [times]

    def action():
        if left[0]:
            left[0] -= 1
            raise ValueError("busy")
        return "done"

    return action


def test_first_time(caplog):
    assert retry(failing(0)) == "done"
    assert caplog.records == []


def test_warnings(caplog):
    with caplog.at_level(logging.DEBUG, logger="retry"):
        assert retry(failing(2)) == "done"
    assert caplog.messages == ["attempt 1 of 3 failed: busy", "attempt 2 of 3 failed: busy"]


def test_gives_up(caplog):
    assert retry(failing(9), times=2) is None
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING", "ERROR"]


def test_logger_name(caplog):
    retry(failing(1))
    assert caplog.record_tuples[0][0] == "retry"
