"""Which format a file is of, and what is said of files that hold no prompt."""

from pathlib import Path

import pytest

from secant.errors import BadRequest, UnreadableFile
from secant.promptfiles.opening import is_prompt_file, open_prompt, prompt_names
from tests.optimizers.promptfiles.prompt_zoo import ZOO, opened


@pytest.mark.parametrize(
    ("filename", "kind", "role", "syntax", "is_named_so"),
    [
        ("x.prompt.md", "Copilot prompt file", "user", ("input", "dollar", "mustache"), True),
        ("x.instructions.md", "Copilot instructions", "system", (), True),
        ("copilot-instructions.md", "Copilot instructions", "system", (), True),
        ("x.chatmode.md", "Copilot chat mode", "system", (), True),
        ("x.agent.md", "Copilot agent", "system", (), True),
        ("AGENTS.md", "agent instructions", "system", (), True),
        ("CLAUDE.md", "agent instructions", "system", (), True),
        ("SKILL.md", "agent skill", "system", (), True),
        ("notes.md", "Markdown prompt", "user", ("input", "dollar", "mustache"), False),
        ("x.prompt", "text prompt", "user", ("mustache", "input", "dollar", "braces"), True),
        ("x.prompty", "Prompty", "system", ("jinja",), True),
        ("x.txt", "text prompt", "user", ("mustache", "input", "dollar", "braces"), False),
        ("x.J2", "Jinja template", "user", ("jinja",), False),
    ],
)
def test_the_name_tells_the_format(
    filename: str, kind: str, role: str, syntax: tuple, is_named_so: bool, tmp_path: Path
):
    document = opened(tmp_path, filename, b"Some text")
    part = document.parts[0]
    assert (document.format, part.role, part.syntax) == (kind, role, syntax)
    assert is_prompt_file(document.path) is is_named_so
    assert prompt_names(document.path) == ("",)


def test_front_matter_names_the_model_and_stays():
    document = open_prompt(ZOO / "review.prompt.md")
    assert (document.model, document.notices) == ("GPT-4o", ())
    assert (document.parts[0].first_line, document.parts[0].last_line) == (8, 15)
    assert document.parts[0].text.startswith("# Review\n\nYou review")
    assert document.parts[0].text.endswith("Style: {{ style }}")


@pytest.mark.parametrize(
    ("raw", "text", "notice"),
    [
        (b"---\na: [\n---\nText\n", "Text", "a.md:3: the front matter is not YAML: did not find expected node content"),
        (b"---\na: b\n\tc: d\n---\nText\n", "Text", "a.md:3: the front matter is not YAML: "),
        (b"---\n- a\n---\nText\n", "Text", "a.md:2: the front matter is no mapping and says nothing"),
        (b"---\na: 1\nText\n", "---\na: 1\nText", "a.md:1: the front matter is not closed"),
        (b"---\n---\nText\n", "Text", ""),
        (b"\xef\xbb\xbf---\r\nmodel: x\r\n---\r\nText\r\nmore", "Text\nmore", ""),
        (b"Text\n---\na\n---\n", "Text\n---\na\n---", ""),
    ],
)
def test_front_matter_that_says_nothing(raw: bytes, text: str, notice: str, tmp_path: Path):
    document = opened(tmp_path, "a.md", raw)
    assert document.parts[0].text == text
    assert notice in "".join(document.notices)
    assert bool(document.notices) is bool(notice)


@pytest.mark.parametrize(
    ("filename", "raw", "where", "message"),
    [
        ("a.md", b"", "a.md", "the file is empty"),
        ("a.txt", b" \n\n", "a.txt", "the file is empty"),
        ("a.prompt.yml", b"", "a.prompt.yml", "the file is empty"),
        ("a.md", b"---\na: 1\n---\n\n", "a.md", "no prompt text below its front matter"),
        ("a.prompty", b"---\na: 1\n---\nsystem:\n", "a.prompty", "no prompt text below the front matter"),
        ("a.md", b"one\ntwo \xff\n", "a.md:2", "byte 0xff is not UTF-8"),
        ("a.prompt.yml", b"# \xe9\r\n", "a.prompt.yml:1", "byte 0xe9 is not UTF-8"),
        ("a.pdf", b"%PDF", "a.pdf", "files ending in .pdf are no prompt files"),
        ("noname", b"x", "noname", "files ending in noname are no prompt files"),
    ],
)
def test_a_file_without_a_prompt(filename: str, raw: bytes, where: str, message: str, tmp_path: Path):
    with pytest.raises(BadRequest, match=message) as error:
        opened(tmp_path, filename, raw)
    assert (error.value.where or "").endswith(where)


def test_a_missing_file_and_a_folder(tmp_path: Path):
    (tmp_path / "review.prompt.md").write_text("x")
    (tmp_path / "texts.py").write_text("x = 1")
    with pytest.raises(UnreadableFile, match=r"no such file(?s:.*)Did you mean .*review.prompt.md"):
        open_prompt(tmp_path / "revew.prompt.md")
    with pytest.raises(UnreadableFile, match=r"no such file(?s:.*)Did you mean .*texts.py"):
        open_prompt(tmp_path / "text.py")
    with pytest.raises(UnreadableFile, match="no such file"):
        open_prompt(tmp_path / "nothing")
    with pytest.raises(BadRequest, match="this is a folder"):
        open_prompt(tmp_path)
    (tmp_path / "a.md").mkdir()
    with pytest.raises(UnreadableFile, match="this is a folder"):
        open_prompt(tmp_path / "a.md")


@pytest.mark.parametrize("filename", ["a.md", "a.txt", "a.prompty", "a.prompt.yml", "a.yaml", "a.json"])
def test_a_name_where_the_file_has_one_prompt(filename: str, tmp_path: Path):
    path = tmp_path / filename
    path.write_text(
        '{"messages": [{"role": "user", "content": "x"}]}' if "y" in filename else "[{role: user, content: x}]"
    )
    with pytest.raises(BadRequest, match="the file has one prompt, and no names in it: 'x'"):
        open_prompt(path, "x")


@pytest.mark.parametrize("filename", ["a.md", "a.py"])
def test_an_editors_text_stands_for_the_file(filename: str, tmp_path: Path):
    path = tmp_path / filename
    path.write_bytes(b"\xef\xbb\xbfP = 'old'\n")
    document = open_prompt(path, unsaved="P = 'new'\n")
    assert "new" in document.parts[0].text
    assert document.written({}) == b"\xef\xbb\xbfP = 'new'\n"
