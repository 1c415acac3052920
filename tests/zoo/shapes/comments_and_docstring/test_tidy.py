from tidy import tidy


def test_sorted():
    assert tidy([3, 1, 2, 1]) == [1, 2, 3]


def test_none_is_dropped():
    assert tidy(["b", None, "a"]) == ["a", "b"]


def test_drop():
    assert tidy([1, 2, 3], drop=(2,)) == [1, 3]


def test_name():
    assert tidy.__name__ == "sorted"
