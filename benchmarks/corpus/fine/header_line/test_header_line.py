from header_line import parse_header


def test_header():
    assert parse_header("Content-Type: text/html") == ("content-type", "text/html")


def test_value_with_colons():
    assert parse_header("Host : a:80 ") == ("host", "a:80")


def test_no_value():
    assert parse_header("X") == ("x", "")
