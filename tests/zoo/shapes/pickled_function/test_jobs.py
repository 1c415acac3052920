import pickle

import jobs
from jobs import square


def test_sent():
    assert jobs.send(square, 7) == 49


def test_same_object():
    assert pickle.loads(pickle.dumps(square)) is jobs.square


def test_packed_at_import():
    assert pickle.loads(jobs.PACKED)(3, 1) == 10
