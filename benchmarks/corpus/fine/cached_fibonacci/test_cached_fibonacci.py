from cached_fibonacci import fibonacci


def test_first():
    assert [fibonacci(n) for n in range(8)] == [0, 1, 1, 2, 3, 5, 8, 13]


def test_large():
    assert fibonacci(150) == 9969216677189303386214405760200
