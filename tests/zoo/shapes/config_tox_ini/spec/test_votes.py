from votes import winner


def test_most():
    assert winner(["b", "a", "b"]) == "b"


def test_tie_is_alphabetical():
    assert winner(["b", "a"]) == "a"


def test_quorum():
    assert winner(["a"], quorum=2) is None
    assert winner(["a", "a"], quorum=2) == "a"
