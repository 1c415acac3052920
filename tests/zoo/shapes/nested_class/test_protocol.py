from protocol import Message


def test_header():
    assert Message.Header({"to": "ann"}).size() == 9


def test_message():
    assert Message("hello", to="ann").size() == 14


def test_line_end():
    assert Message("", a=1, b=2).header.size(line_end=1) == 10
