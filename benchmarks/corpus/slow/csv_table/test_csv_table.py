from csv_table import to_csv


def test_small():
    assert to_csv([[1, "a"], [None, 2.5]]) == "1,a\nNone,2.5\n"


def test_edges():
    assert to_csv([]) == ""
    assert to_csv([[]]) == "\n"
    assert to_csv([(1,)]) == "1\n"


def test_large():
    text = to_csv([[i, i * 2, "name", i % 7] for i in range(8000)])
    assert text.count("\n") == 8000
    assert text.endswith("7999,15998,name,5\n")
