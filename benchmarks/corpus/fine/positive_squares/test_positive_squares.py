from positive_squares import positive_squares


def test_squares():
    assert positive_squares([1, -2, 3, 0]) == [1, 9]
    assert positive_squares([]) == []


def test_many():
    assert sum(positive_squares(list(range(-5000, 5001)))) == 5000 * 5001 * 10001 // 6
