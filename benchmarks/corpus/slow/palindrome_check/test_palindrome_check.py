from palindrome_check import is_palindrome


def test_short():
    assert is_palindrome("")
    assert is_palindrome("x")
    assert is_palindrome("abba")
    assert is_palindrome("abcba")
    assert not is_palindrome("ab")


def test_nearly():
    assert is_palindrome("abcdefgfedcbx") is False


def test_long():
    half = "lorem ipsum dolor sit amet " * 6000
    assert is_palindrome(half + half[::-1]) is True
