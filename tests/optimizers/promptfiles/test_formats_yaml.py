"""YAML and JSON: a scalar is written anew in its own style, and nothing else of the file is."""

from pathlib import Path

import pytest

from secant.errors import BadRequest, WriteRefused
from tests.optimizers.promptfiles.prompt_zoo import ZOO, opened, texts

HEAD = "messages:\n  - role: user\n    content: "


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ("old # c\n", "new text", "new text # c\n"),
        ("old # c\n", "yes", '"yes" # c\n'),
        ("old # c\n", "a: b", '"a: b" # c\n'),
        ("old # c\n", "a\nb", '"a\\nb" # c\n'),
        ("old\n", "a\n\n  b", "|-\n      a\n\n        b\n"),
        ("old", "a\nb", "|-\n      a\n      b"),
        ("'it''s'\n", "that's", "'that''s'\n"),
        ("'old'\n", "\x07", '"\\u0007"\n'),
        ('"\\x41\\nold\\ttab"\n', "A\nnew", '"\\x41\\nnew"\n'),
        ('"old"\n', 'a "b" \\c', '"a \\"b\\" \\\\c"\n'),
        ("|\n      one\n      two\n", "one\n  2\n\nthree", "|\n      one\n        2\n\n      three\n"),
        ("|+ # c\n       one\n\n\n", "two", "|+ # c\n       two\n\n\n"),
        ("|-\n      one\n", "  two\nthree", "|2-\n        two\n      three\n"),
        ("|\n      one\n     \n      two\n", "one\n\n2", "|\n      one\n     \n      2\n"),
        ("| # c\n      one\n", "a\x07", '"a\\u0007\\n" # c\n'),
        (">-\n      one\n      more\n\n      two\n", "one more\n2", ">-\n      one\n      more\n\n      2\n"),
        (">\n      one\n", "a\nb\n\nc\n  d\ne", ">\n      a\n\n      b\n\n\n      c\n        d\n      e\n"),
    ],
)
def test_each_style(old: str, new: str, written: str, tmp_path: Path):
    document = opened(tmp_path, "a.prompt.yml", (HEAD + old).encode())
    assert document.written({"prompt": new}).decode() == HEAD + written


def test_a_message_that_is_empty_can_be_written(tmp_path: Path):
    raw = b"messages:\n- role: user\n  content:\n- {role: user, content: b}\n"
    document = opened(tmp_path, "a.prompt.yml", raw)
    assert document.written({"user": "new"}) == raw.replace(b"content:\n", b"content: new\n")
    assert document.written({"user": "a\nb"}) == raw.replace(b"content:\n", b"content: |-\n    a\n    b\n")


def test_a_text_with_an_anchor_is_edited_there_and_said_to_be_shared(tmp_path: Path):
    raw = (ZOO / "anchors.prompt.yml").read_bytes()
    document = opened(tmp_path, "anchors.prompt.yml", raw)
    assert texts(document) == {"system": "Be short and kind.", "user": "{{input}}"}
    assert document.parts[0].first_line == 3
    (notice,) = document.notices
    assert notice.endswith("anchors.prompt.yml:3: this text stands at an anchor; it changes wherever that is used")
    assert document.written({"system": "Be long."}) == raw.replace(b"Be short and kind.", b"Be long.")


def test_two_messages_with_the_same_anchor_cannot_change_apart(tmp_path: Path):
    raw = b"messages:\n- {role: system, content: &a Old}\n- {role: user, content: *a}\n"
    document = opened(tmp_path, "a.prompt.yml", raw)
    with pytest.raises(WriteRefused, match="the part user would not read as it should"):
        document.written({"system": "new"})


def test_json_stays_json(tmp_path: Path):
    raw = (ZOO / "chat.json").read_bytes()
    document = opened(tmp_path, "chat.json", raw)
    assert document.parts[0].text == "You are a café owner."
    written = document.written({"system": 'You are a café owner.\nSmile \\ "so"\x7f\u2028'})
    assert b'"You are a caf\xc3\xa9 owner.\\nSmile \\\\ \\"so\\"\\u007f\\u2028"},\n\t{' in written
    assert written.startswith(b'[\n\t{"role": "system", "content": ')


def test_json_escapes_of_characters_beyond_the_first_plane(tmp_path: Path):
    raw = b'[{"role": "user", "content": "a \\ud83d\\ude00\\nold \\u00e9"}]\n'
    document = opened(tmp_path, "chat.json", raw)
    assert document.parts[0].text == "a 😀\nold é"
    assert document.written({"prompt": "a 😀\nnew"}) == raw.replace(b"old \\u00e9", b"new")


@pytest.mark.parametrize(
    ("filename", "raw", "where", "message"),
    [
        ("a.prompt.yml", b"a: 1\nmessages:\n\t- x\n", ":3", "not with tabs"),
        ("a.prompt.yml", b"a: 1\nb: [1\nc: 2\n", ":3", "cannot be read as YAML"),
        ("a.prompt.yml", b"a: \x00\n", ":1", "cannot be read as YAML"),
        ("a.prompt.yml", b"a: 1\n---\nb: 2\n", ":2", "cannot be read as YAML"),
        ("a.prompt.yml", b"# nothing\n", "", "no prompt text"),
        ("a.prompt.yml", b"a: 1\n", "", "it has no messages"),
        ("a.prompt.yml", b"messages:\n- role: user\n", ":2", "a role and a content"),
        ("a.prompt.yml", b"messages:\n- {role: user, content: [a]}\n", ":2", "a role and a content"),
        ("a.prompt.yml", b"messages:\n- {role: cook, content: a}\n", ":2", "no role 'cook'"),
        ("a.prompt.yml", b"messages:\n- {role: user, content: ' '}\n", "", "its messages are empty"),
        ("a.prompt.yml", b"messages: [{role: user, content: a}]\ntestData: [x]\n", ":2", "a case of testData"),
        ("a.prompt.yml", b"messages: [{role: user, content: a}]\ntestData:\n- &a {b: *a}\n", ":3", "alias of itself"),
        ("a.yaml", b"a: 1\n", "", "neither `prompts` nor `messages`"),
        ("a.json", b"{", ":1", "cannot be read as YAML"),
        ("promptfooconfig.yaml", b"tests: []\n", "", "it has no prompts"),
        ("promptfooconfig.yaml", b"prompts: ['']\n", ":1", "this prompt is empty"),
        ("promptfooconfig.yaml", b"prompts: [a]\ntests:\n- 1: 2\n- [x]\n", ":4", "a test is a mapping"),
        ("promptfooconfig.yaml", b"prompts: [file://no.txt]\n", "", "no such file"),
        ("promptfooconfig.yaml", b"prompts: [file://*.txt]\n", ":1", "no file is named"),
        ("promptfooconfig.yaml", b"prompts: ['langfuse://x']\n", ":1", "kept elsewhere"),
        ("promptfooconfig.yaml", b"prompts: [file://a.py:f]\n", ":1", "made by a program"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(filename: str, raw: bytes, where: str, message: str, tmp_path: Path):
    with pytest.raises(BadRequest) as error:
        opened(tmp_path, filename, raw)
    assert message in error.value.message
    assert (error.value.where or "").endswith(where)


def test_aliases_that_multiply_are_no_bomb(tmp_path: Path):
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    raw = f"l0: &l0 x\n{levels}messages: [{{role: user, content: a}}]\ntestData: [{{input: *l11}}]\n"
    with pytest.raises(BadRequest, match="too many values"):
        opened(tmp_path, "a.prompt.yml", raw.encode())
    document = opened(tmp_path, "a.prompt.yml", raw.replace("testData", "other").encode())
    assert b"content: new}" in document.written({"prompt": "new"})
