from labels import PRICES, Label


def test_equal():
    assert Label("ABC") == Label("abc")


def test_not_equal():
    assert Label("a") != Label("b")


def test_other_type():
    assert Label("a") != "a"


def test_look_up_in_a_table_made_at_import():
    assert PRICES[Label("TEA")] == 3


def test_set():
    assert len({Label("x"), Label("X"), Label("y")}) == 2
