import pytest
from split_command import split_command


def test_words():
    assert split_command("copy a b") == ["copy", "a", "b"]


def test_spaces():
    assert split_command("  copy   a ") == ["copy", "a"]


def test_double_quotes():
    assert split_command('copy "my file" b') == ["copy", "my file", "b"]


def test_single_quotes():
    assert split_command("say 'two words'") == ["say", "two words"]


def test_empty_quotes():
    assert split_command('say "" end') == ["say", "", "end"]


def test_quote_in_quotes():
    assert split_command("""say "it's" 'a "b"'""") == ["say", "it's", 'a "b"']


def test_backslash():
    assert split_command(r"copy my\ file") == ["copy", "my file"]


def test_backslash_in_double_quotes():
    assert split_command(r'say "a\tb\"c\d"') == ["say", 'a\tb"c\\d']


def test_backslash_in_single_quotes():
    assert split_command(r"say 'a\tb'") == ["say", r"a\tb"]


def test_bar():
    assert split_command("list|sort") == ["list", "|", "sort"]


def test_two_characters():
    assert split_command("a&&b || c>>d") == ["a", "&&", "b", "||", "c", ">>", "d"]


def test_number_and_arrow():
    assert split_command("run 2>log out2>log") == ["run", "2>", "log", "out2", ">", "log"]


def test_hash():
    assert split_command("run a#b # not this") == ["run", "a#b"]


def test_lines():
    assert split_command("a b\nc\n\nd\n") == ["a", "b", ";", "c", ";", "d"]


def test_continued():
    assert split_command("copy a\\\nb c") == ["copy", "ab", "c"]


def test_quoted_sign():
    assert split_command("say ';' \"|\" \\>") == ["say", ";", "|", ">"]


def test_open_quote():
    with pytest.raises(ValueError, match="quote at 4 is not closed"):
        split_command('say "hello')


def test_last_backslash():
    with pytest.raises(ValueError):
        split_command("say \\")
