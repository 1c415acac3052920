from mirrored import mirrored


def test_short():
    assert mirrored("abc") == "cba"
    assert mirrored("") == ""


def test_long():
    assert mirrored("ab" * 20000) == "ba" * 20000
