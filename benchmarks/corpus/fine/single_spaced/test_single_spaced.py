from single_spaced import single_spaced


def test_spaces():
    assert single_spaced("  a\tb \n c ") == "a b c"
    assert single_spaced(" ") == ""


def test_long():
    assert single_spaced("to  be or\tnot " * 800) == ("to be or not " * 800).strip()
