"""Which prompts a promptfoo config has, and the way from a prompt file to the config that names it."""

from pathlib import Path

import pytest

from secant.config import PromptRequest
from secant.errors import BadRequest, WriteRefused
from secant.promptfiles.opening import open_prompt, prompt_names
from secant.promptfiles.subject import apply_result, find_prompt
from tests.optimizers.promptfiles.prompt_zoo import ZOO, texts

CONFIGS = ZOO.parent / "promptfoo"
SEVERAL = CONFIGS / "texts" / "several.txt"


def test_a_function_of_a_program_is_no_text() -> None:
    assert prompt_names(CONFIGS / "programs.yaml") == ("made.py:short", "made.py:long")
    with pytest.raises(BadRequest, match=r"made\.py:long is made by a program, and has no text") as raised:
        open_prompt(CONFIGS / "programs.yaml", "made.py:long")
    assert raised.value.where == f"{CONFIGS / 'programs.yaml'}:4"


def test_a_pattern_names_every_file_that_matches() -> None:
    assert prompt_names(CONFIGS / "pattern.yaml") == ("talk1.json", "talk2.json")
    document = open_prompt(CONFIGS / "pattern.yaml", "talk2.json")
    assert (document.path, texts(document)) == (CONFIGS / "texts/talk2.json", {"prompt": "The winner of {{ year }}:"})


def test_a_prompt_that_is_named_like_a_file_is_none_itself() -> None:
    with pytest.raises(BadRequest, match="no such file") as raised:
        open_prompt(CONFIGS / "missing.yaml")
    assert raised.value.where == str(CONFIGS / "texts/gone.txt")


@pytest.mark.parametrize(
    ("path", "name", "text"),
    [
        (CONFIGS / "promptfooconfig.yaml", "several.txt:1", "Translate into {{language}}: {{text}}"),
        (CONFIGS / "promptfooconfig.yaml", "2", "Speak {{language}}.\nSay: {{text}}"),
        (SEVERAL, "2", "Speak {{language}}.\nSay: {{text}}"),
    ],
)
def test_one_of_several_prompts_in_a_file(path: Path, name: str, text: str) -> None:
    document = open_prompt(path, name)
    raw = SEVERAL.read_bytes()
    assert (document.path, texts(document)) == (SEVERAL, {"prompt": text})
    assert document.parts[0].syntax == ("jinja",)
    assert document.written({}) == raw
    assert document.written({"prompt": "New\n{{text}}"}) == raw.replace(text.encode(), b"New\n{{text}}")
    assert document.data is not None
    assert [row.fields["language"] for row in document.data.rows] == ["French"]


def test_several_prompts_in_a_file_have_numbers() -> None:
    with pytest.raises(
        BadRequest, match=r"has 2 prompts, between lines of ---\nSay which, by its number: .*txt::1 to "
    ):
        open_prompt(SEVERAL)
    with pytest.raises(BadRequest, match="the file has no prompt 3"):
        open_prompt(SEVERAL, "3")
    with pytest.raises(BadRequest, match=r"no prompt 1\nName the file alone"):
        open_prompt(CONFIGS / "texts/own.txt", "1")


def test_a_text_that_promptfoo_would_read_as_two_prompts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WriteRefused, match="would not read as it should"):
        open_prompt(SEVERAL, "1").written({"prompt": "one\n---\ntwo"})
    (tmp_path / "promptfooconfig.yaml").write_text("prompts: [one.txt]\n")
    (tmp_path / "one.txt").write_text("one {{x}}\n")
    with pytest.raises(WriteRefused, match="it would be several prompts, between lines of ---"):
        open_prompt(tmp_path / "one.txt").written({"prompt": "one\n---\ntwo"})


def test_a_prompt_file_finds_the_config_that_names_it() -> None:
    alone = open_prompt(CONFIGS / "texts/note.md")
    by_config = open_prompt(CONFIGS / "promptfooconfig.yaml", "note")
    assert (alone.name, alone.format, alone.data) == ("", "prompt of a promptfoo config", by_config.data)
    assert alone.data is not None
    assert [row.fields["language"] for row in alone.data.rows] == ["French", "German"]


def test_data_of_its_own_comes_first() -> None:
    assert open_prompt(CONFIGS / "texts/own.txt").data is None


def test_the_result_for_one_of_several_prompts_is_written_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "several.txt"
    file.write_bytes(SEVERAL.read_bytes())
    (tmp_path / "promptfooconfig.yaml").write_text("prompts: [several.txt]\ntests: [{vars: {language: x, text: y}}]\n")
    found = find_prompt(PromptRequest(target="several.txt::2", folder=tmp_path)).found()
    assert apply_result(found, "Short: {{text}}\n") == file
    assert file.read_bytes() == SEVERAL.read_bytes().replace(b"Speak {{language}}.\nSay: {{text}}", b"Short: {{text}}")


def test_a_prompt_that_cannot_be_had_does_not_stand_in_the_way_of_others(tmp_path: Path) -> None:
    config = tmp_path / "promptfooconfig.yaml"
    config.write_text("prompts:\n- langfuse://a:1\n- gone/*.txt\n- 'Say {{x}}'\n")
    assert prompt_names(config) == ("1", "2", "3")
    assert texts(open_prompt(config, "3")) == {"prompt": "Say {{x}}"}
    with pytest.raises(BadRequest, match="the prompt langfuse://a:1 is kept elsewhere") as raised:
        open_prompt(config, "1")
    assert raised.value.where == f"{config}:2"
    with pytest.raises(BadRequest, match=r"no file is named gone/\*\.txt"):
        open_prompt(config, "2")


def test_a_config_that_cannot_be_read_stands_in_the_way_of_the_prompts_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Say {{x}}\n")
    config = tmp_path / "promptfooconfig.yaml"
    config.write_text("prompts: [file://*.txt\n")
    assert open_prompt(tmp_path / "a.md").format == "Markdown prompt"
    config.write_text("prompts: [file://a.md\n")
    with pytest.raises(BadRequest, match="cannot be read as YAML"):
        open_prompt(tmp_path / "a.md")


def test_messages_that_a_template_makes_are_no_texts() -> None:
    with pytest.raises(BadRequest, match="a template makes the messages of this prompt") as raised:
        open_prompt(CONFIGS / "history.yaml")
    assert raised.value.where == f"{CONFIGS / 'texts/history.json'}:3"


def test_a_message_may_have_its_text_as_a_part(tmp_path: Path) -> None:
    file = tmp_path / "chat.json"
    raw = b'[{"role": "user", "content": [{"type": "text", "text": "See {{x}}"}]}]\n'
    file.write_bytes(raw)
    document = open_prompt(file)
    assert (texts(document), document.written({})) == ({"prompt": "See {{x}}"}, raw)
    assert document.written({"prompt": 'Say "{{x}}"'}) == raw.replace(b"See {{x}}", b'Say \\"{{x}}\\"')
    file.write_bytes(raw.replace(b"}]}]", b'}, {"type": "image_url", "image_url": {"url": "x"}}]}]'))
    with pytest.raises(BadRequest, match="a message of several parts, or of an image, is no text to refine"):
        open_prompt(file)
