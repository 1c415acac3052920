from library.loans import fine


def test_in_grace():
    assert fine(2) == 0


def test_late():
    assert fine(5) == 30


def test_no_grace():
    assert fine(1, grace=0) == 10
