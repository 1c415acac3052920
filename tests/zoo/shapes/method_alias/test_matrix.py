from matrix import Matrix


def test_number():
    assert (Matrix([[1, 2]]) + 1).rows == [[2, 3]]


def test_reflected():
    assert (1 + Matrix([[1, 2]])).rows == [[2, 3]]


def test_alias():
    assert Matrix([[1], [2]]).plus(Matrix([[3], [4]])).rows == [[4], [6]]


def test_sum():
    assert sum([Matrix([[1]]), Matrix([[2]])]).rows == [[3]]
