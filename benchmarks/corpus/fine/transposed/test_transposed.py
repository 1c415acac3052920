from transposed import transpose


def test_transpose():
    assert transpose([[1, 2, 3], [4, 5, 6]]) == [(1, 4), (2, 5), (3, 6)]
    assert transpose([]) == []


def test_wide():
    assert transpose([list(range(2000)), list(range(2000))])[1999] == (1999, 1999)
