from plugins.cleaning.whitespace import squeeze


def test_spaces():
    assert squeeze("a   b\t c") == "a b c"


def test_lines_stay():
    assert squeeze("a  b\n c ") == "a b\nc"


def test_empty_line():
    assert squeeze("a\n\nb") == "a\n\nb"
