from has_duplicates import has_duplicates


def test_small():
    assert has_duplicates([1, 2, 1])
    assert has_duplicates("hello")
    assert not has_duplicates([])
    assert not has_duplicates(["a", "A"])


def test_equal_values_of_two_types_count():
    assert has_duplicates([1, 1.0])


def test_large_without():
    assert has_duplicates(list(range(900))) is False


def test_large_with_the_last_two_equal():
    assert has_duplicates(list(range(700)) + [699]) is True
