from vector import Vector


def test_scales():
    vector = Vector(1, 2).scale(3)
    assert (vector.x, vector.y) == (3, 6)


def test_length_is_forgotten():
    vector = Vector(3, 4)
    assert vector.length() == 5
    assert vector.scale().length() == 10


def test_returns_itself():
    vector = Vector(0, 0)
    assert vector.scale(0) is vector
