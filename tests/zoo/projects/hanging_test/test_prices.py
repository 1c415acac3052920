from prices import total


def test_total():
    assert total([1, 2]) == 3


def test_hangs():
    while True:
        pass


def test_empty_is_a_number():
    assert isinstance(total([]), int)
