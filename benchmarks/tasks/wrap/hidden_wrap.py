import pytest
from wrap import wrap


def test_newlines_are_spaces():
    assert wrap("fresh\nbread\ntoday", 12) == ["fresh bread", "today"]


def test_exact_width():
    assert wrap("abc def ghi", 7) == ["abc def", "ghi"]


def test_very_long_word():
    assert wrap("abcdefghijklm", 5) == ["abcd-", "efgh-", "ijklm"]


def test_two_hyphens():
    assert wrap("sister-in-law here", 10) == ["sister-in-", "law here"]


def test_hyphen_that_fits():
    assert wrap("a well-known baker", 12) == ["a well-known", "baker"]


def test_two_tildes():
    assert wrap("straw~berry~cake", 11) == ["strawberry-", "cake"]


def test_latest_tilde():
    assert wrap("a straw~berry~cake", 13) == ["a strawberry-", "cake"]


def test_underscores():
    assert wrap("10_000_EUR due", 12) == ["10 000 EUR", "due"]


def test_items_after_a_blank_line():
    assert wrap("list\n\n- one two three\n- four", 9) == ["list", "", "- one two", "  three", "- four"]


def test_item_with_a_long_word():
    assert wrap("- extraordinary", 9) == ["-", "  extrao-", "  rdinary"]


def test_item_continued_in_the_text():
    assert wrap("- one\ntwo", 20) == ["- one two"]


def test_indented_between_paragraphs():
    assert wrap("a\n\n    x  y\n\nb", 5) == ["a", "", "    x  y", "", "b"]


def test_sentence_with_one_space():
    assert wrap("Closed. Sorry.", 20) == ["Closed. Sorry."]


def test_question():
    assert wrap("Why?  So!  Ok", 20) == ["Why?  So!  Ok"]


def test_sentence_at_the_end_of_a_line():
    assert wrap("Closed.\nSorry.", 20) == ["Closed. Sorry."]


def test_blank_lines_only():
    assert wrap("\n \n", 10) == []


def test_width_four():
    assert wrap("abcde", 4) == ["abc-", "de"]


def test_zero():
    with pytest.raises(ValueError):
        wrap("a", 0)
