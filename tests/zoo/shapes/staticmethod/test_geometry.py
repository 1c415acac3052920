from geometry import Box


def test_on_the_class():
    assert Box.overlap(Box(0, 5), Box(3, 9)) == 2


def test_on_an_instance():
    assert Box(0, 1).overlap(Box(0, 4), Box(2, 3)) == 1


def test_apart():
    assert Box.overlap(Box(0, 1), Box(5, 6)) == 0


def test_touches():
    assert not Box(0, 1).touches(Box(1, 2))
