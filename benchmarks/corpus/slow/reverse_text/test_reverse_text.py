from reverse_text import reverse_text


def test_small():
    assert reverse_text("abc") == "cba"
    assert reverse_text("") == ""
    assert reverse_text("näh") == "hän"


def test_long():
    text = "the quick brown fox " * 2000
    assert reverse_text(text)[:4] == " xof"
    assert len(reverse_text(text)) == 40000
