from strip_characters import strip_characters


def test_small():
    assert strip_characters("a-b_c", "-_") == "abc"
    assert strip_characters("abc", "") == "abc"
    assert strip_characters("", "x") == ""


def test_long():
    text = "Hello, world! (How are you?) " * 1200
    clean = strip_characters(text, ",.!?()[]{}'\"")
    assert clean == "Hello world How are you " * 1200
