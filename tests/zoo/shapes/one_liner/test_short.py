from short import Half, double, triple


def test_double():
    assert double(4) == 8


def test_times():
    assert double(1, times=5) == 32


def test_triple():
    assert triple(3) == 9


def test_neighbour():
    assert Half().value == 0.5
