from queueing import average_wait


def test_waits(arrivals):
    assert average_wait(arrivals) == 1.0


def test_idle(idle):
    assert idle == 0.0


def test_nobody():
    assert average_wait([]) == 0.0


def test_unsorted(arrivals):
    assert average_wait(arrivals[::-1]) == average_wait(arrivals)
