from print_queue import PrintQueue


def test_drain():
    queue = PrintQueue([("a", 3), ("b", 30), ("c", 1)])
    assert queue.drain(10) == ["a", "c"]
    assert queue.jobs == []


def test_empty():
    assert PrintQueue().drain(max_pages=1) == []


def test_monday_morning():
    queue = PrintQueue((f"job {i}", i % 10) for i in range(20000))
    assert len(queue.drain(4)) == 10000
    assert queue.drain(4) == []
