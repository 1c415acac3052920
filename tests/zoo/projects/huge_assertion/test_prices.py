from prices import table


def test_table():
    assert table(3000) == {number: "x" * 1000 for number in range(3000)}


def test_empty():
    assert table(0) == {}
