from outline import outline


def test_flat():
    assert outline([(1, "A"), (1, "B")]) == ["1 A", "2 B"]


def test_deeper_and_back():
    assert outline([(1, "A"), (2, "B"), (2, "C"), (1, "D"), (2, "E")]) == ["1 A", "1.1 B", "1.2 C", "2 D", "2.1 E"]


def test_separator():
    assert outline([(1, "A"), (2, "B")], separator="-") == ["1 A", "1-1 B"]
