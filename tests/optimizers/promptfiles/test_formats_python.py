"""String constants of Python: found by name, written back in the manner of their literals."""

from pathlib import Path

import pytest

from secant.errors import BadRequest, SourceSyntaxError
from secant.promptfiles.opening import open_prompt, prompt_names
from tests.optimizers.promptfiles.prompt_zoo import ZOO, opened


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ('"old"', 'a "b"\n\tc', '"a \\"b\\"\\n\\tc"'),
        ("'old'", "it's é", "'it\\'s é'"),
        ('"\\u00e9\\nold"', "é\nnew", '"\\u00e9\\nnew"'),
        ('u"""\\\n  old\nline\n"""', "new\nline", 'u"""\\\nnew\nline\n"""'),
        ('"""old"""', 'ends with "', '"""ends with \\""""'),
        ('"""old"""', 'has """ in it', '"""has \\"\\"\\" in it"""'),
        ("r'''old \\d'''", "new \\d", "r'''new \\d'''"),
        ("r'old \\d'", "two\nlines \\d", "'two\\nlines \\\\d'"),
        ("r'''old'''", "ends with \\", "'''ends with \\\\'''"),
        ("('a\\n'  # c\n 'b')", "a\nb\nc", "('a\\n'  # c\n 'b\\n' 'c')"),
        ("('a\\n'  # c\n 'b')", "x", "('x'  # c\n '')"),
        ("('one '\n 'two '\n 'three')", "one 2 three", "('one '\n '2 '\n 'three')"),
        ("('one '\n 'two')", "quite new", "('quite new')"),
        ('"""\n  old\n""".strip()', "new", '"""\nnew\n""".strip()'),
        ("'old'", "\x00\x07\u2028", "'\\x00\\a\\u2028'"),
        ("('one\\n'\n \"two\\n\"\n 'three')", "one\n2\nthree", "('one\\n'\n \"2\\n\"\n 'three')"),
    ],
)
def test_each_kind_of_literal(old: str, new: str, written: str, tmp_path: Path):
    document = opened(tmp_path, "a.py", f"X = 1\nPROMPT = {old}  # end\n".encode(), "PROMPT")
    assert document.written({"prompt": new}).decode() == f"X = 1\nPROMPT = {written}  # end\n"


def test_what_the_encoding_cannot_write_is_escaped(tmp_path: Path):
    raw = "# -*- coding: latin-1 -*-\nPROMPT = r'é old'\n".encode("latin-1")
    document = opened(tmp_path, "a.py", raw)
    assert document.parts[0].text == "é old"
    assert document.written({"prompt": "é 😀"}) == raw.replace(b"r'\xe9 old'", b"'\xe9 \\U0001f600'")


def test_names_are_those_of_plain_texts():
    path = ZOO / "texts.py"
    assert prompt_names(path) == ("SYSTEM", "QUESTION", "Prompts.STEPS", "Prompts.PATTERN", "SHAPED")
    document = open_prompt(path, "SYSTEM")
    assert (document.name, document.parts[0].role, document.parts[0].syntax) == ("SYSTEM", "system", ("braces",))
    assert document.parts[0].text == 'You are "kind" and say é.'


@pytest.mark.parametrize(
    ("name", "where", "message"),
    [
        ("", "", "the file has 5 string constants"),
        ("QUESTON", "", r"no constant QUESTON(?s:.*)Did you mean QUESTION\?"),
        ("MADE", ":26", "MADE is an f-string"),
        ("ADDED", ":27", "ADDED is no string literal"),
        ("DATA", ":28", "DATA is bytes"),
    ],
)
def test_what_is_no_plain_text_is_refused_with_the_reason(name: str, where: str, message: str):
    with pytest.raises(BadRequest, match=message) as error:
        open_prompt(ZOO / "texts.py", name)
    assert (error.value.where or "").endswith(where)


@pytest.mark.parametrize(
    ("raw", "kind", "message"),
    [
        (b"A = (\n", SourceSyntaxError, "the file is not Python"),
        (b"A = 'a\x00'\n", SourceSyntaxError, "the file is not Python"),
        (b"A = 1\n", BadRequest, "no prompt text in the file"),
        (b"A = ' '\n", BadRequest, "no prompt text in the file"),
        (b"", BadRequest, "no prompt text in the file"),
    ],
)
def test_a_file_without_a_text(raw: bytes, kind: type[BadRequest], message: str, tmp_path: Path):
    with pytest.raises(kind, match=message):
        opened(tmp_path, "a.py", raw)


def test_a_name_that_is_assigned_twice_is_refused(tmp_path: Path):
    with pytest.raises(BadRequest, match="A is assigned several times, in lines 2 and 4"):
        opened(tmp_path, "a.py", b"if x:\n    A = 'a'\nelse:\n    A = 'b'\n", "A")
    with pytest.raises(BadRequest, match="B is empty"):
        opened(tmp_path, "a.py", b"B = ''\n", "B")
