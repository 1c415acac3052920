from cafe import CLOSED, menu


def test_last():
    assert menu([("crème brûlée", 5), ("thé", 2)]) == ["thé £2", "crème brûlée £5"]


def test_order_is_kept():
    assert [line[0] for line in menu([("b", 1), ("a", 1)])] == ["b", "a"]


def test_rest_of_the_file():
    assert CLOSED == "ferm\xe9"
