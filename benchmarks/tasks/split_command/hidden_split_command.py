import pytest
from split_command import split_command


def test_nothing():
    assert split_command("   ") == []


def test_tab():
    assert split_command("a\tb") == ["a", "b"]


def test_joined():
    assert split_command("""a"b c"'d e'f""") == ["ab cd ef"]


def test_empty_single_quotes():
    assert split_command("''") == [""]


def test_escaped_quote():
    assert split_command(r"say \"a b\"") == ["say", '"a', 'b"']


def test_newline_in_double_quotes():
    assert split_command(r'say "a\nb\\"') == ["say", "a\nb\\"]


def test_dollar_in_double_quotes():
    assert split_command(r'say "\$5 \q"') == ["say", "$5 \\q"]


def test_semicolon():
    assert split_command("a;b ; c") == ["a", ";", "b", ";", "c"]


def test_arrows():
    assert split_command("a<b>c") == ["a", "<", "b", ">", "c"]


def test_number_and_two_arrows():
    assert split_command("run 1>>log 12 >x") == ["run", "1>>", "log", "12", ">", "x"]


def test_number_and_bar():
    assert split_command("echo 2|sort") == ["echo", "2", "|", "sort"]


def test_comment_alone():
    assert split_command("# nothing") == []


def test_comment_and_next_line():
    assert split_command("a # b\nc") == ["a", ";", "c"]


def test_semicolon_at_the_end_of_a_line():
    assert split_command("a;\nb") == ["a", ";", "b"]


def test_newline_first():
    assert split_command("\n\na") == ["a"]


def test_newline_in_quotes():
    assert split_command("say 'a\nb'") == ["say", "a\nb"]


def test_open_single_quote():
    with pytest.raises(ValueError, match="quote at 2 is not closed"):
        split_command("a 'b")


def test_quoted_hash():
    assert split_command("a '#b' \\#c") == ["a", "#b", "#c"]
