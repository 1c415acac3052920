from lerp import lerp


def test_ends_and_middle():
    assert lerp(1.0, 3.0, 0.0) == 1.0
    assert lerp(1.0, 3.0, 1.0) == 3.0
    assert lerp(1.0, 3.0, 0.5) == 2.0


def test_beyond():
    assert lerp(0.0, 10.0, 1.5) == 15.0
