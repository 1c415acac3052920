import threading

import pytest
from parallel import map_in_threads


def test_order():
    assert map_in_threads(lambda item: item * 2, range(5)) == [0, 2, 4, 6, 8]


def test_other_threads():
    names = map_in_threads(lambda _: threading.current_thread().name, "ab")
    assert "MainThread" not in names


def test_errors():
    with pytest.raises(ZeroDivisionError):
        map_in_threads(lambda item: 1 / item, [1, 0])


def test_none_left():
    map_in_threads(str, "abc")
    assert threading.active_count() == 1
