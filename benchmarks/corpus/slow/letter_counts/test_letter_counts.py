from letter_counts import letter_counts


def test_small():
    assert letter_counts("Abba!")[:3] == [2, 2, 0]
    assert letter_counts("") == [0] * 26
    assert letter_counts("Zz")[25] == 2


def test_long():
    counts = letter_counts("The quick brown fox jumps over the lazy dog. " * 150)
    assert sum(counts) == 35 * 150
    assert min(counts) == 150
