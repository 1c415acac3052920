import squares


def test_constant():
    assert squares.SQUARES == {0: 0, 1: 1, 2: 4, 3: 9, 4: 16}


def test_kept_in_a_list():
    assert squares.make[0](3, power=3)[2] == 8


def test_gone():
    assert not hasattr(squares, "_table")
