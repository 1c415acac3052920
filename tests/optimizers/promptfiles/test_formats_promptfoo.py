"""promptfoo configs: which prompt, whose text, which cases and checks, and what is left out aloud."""

import os
import shutil
from pathlib import Path

import pytest

from secant.errors import BadRequest
from secant.promptfiles.evaldata.rows import CheckSpec
from secant.promptfiles.formats.standing import PromptFile
from secant.promptfiles.opening import open_prompt, prompt_names, prompts_standing
from tests.optimizers.promptfiles.prompt_zoo import ZOO, opened, texts

CONFIG = ZOO / "promptfooconfig.yaml"


@pytest.mark.parametrize(
    ("name", "path", "shown", "parts"),
    [
        ("1", "promptfooconfig.yaml", "1", {"prompt": "Translate to {{language}}: {{text}}"}),
        ("brief", "brief.txt", "", {"prompt": "Say it in {{language}}, in few words: {{text}}"}),
        ("2", "brief.txt", "", {"prompt": "Say it in {{language}}, in few words: {{text}}"}),
        ("chat.json", "chat.json", "", {"system": "You are a café owner.", "user": "{{text}}"}),
        ("talk", "promptfooconfig.yaml", "talk", {"system": "Be brief & kind", "user": "{{text}}"}),
    ],
)
def test_a_prompt_is_chosen_by_label_id_or_number(name: str, path: str, shown: str, parts: dict[str, str]):
    document = open_prompt(CONFIG, name)
    assert (document.path, document.name, texts(document)) == (ZOO / path, shown, parts)
    assert (document.model, document.parameters) == ("openai:gpt-5-mini", {"temperature": 0.2})
    assert document.parts[0].syntax == ("jinja",)
    assert document.data is not None
    assert len(document.data.rows) == 5


@pytest.mark.parametrize("name", ["brief", "chat.json"])
def test_a_prompt_in_a_file_of_its_own_is_written_as_that_file(name: str):
    by_config = open_prompt(CONFIG, name)
    alone = open_prompt(by_config.path, by_config.name)
    new = {part: f"{text} More." for part, text in texts(by_config).items()}
    assert by_config.digest == alone.digest
    assert by_config.written(new) == alone.written(new)


def test_the_names_are_told():
    assert prompt_names(CONFIG) == ("1", "brief", "chat.json", "talk", "made.py")
    with pytest.raises(BadRequest, match=r"Say which, for example .*promptfooconfig.yaml::1\. There are: 1, brief, "):
        open_prompt(CONFIG)
    with pytest.raises(BadRequest, match=r"no prompt 'breif'(?s:.*)Did you mean brief\?"):
        open_prompt(CONFIG, "breif")
    with pytest.raises(BadRequest, match="made by a program"):
        open_prompt(CONFIG, "made.py")


def test_what_an_editor_has_not_saved_of_the_files_that_it_names_is_read(tmp_path: Path):
    root = tmp_path / "link"
    root.symlink_to(shutil.copytree(ZOO, tmp_path / "zoo"))
    unsaved = {
        "brief.txt": "Briefly: {{text}}",
        "cases.csv": "text,language,__expected\nBonjour,English,contains:Hello\n",
        "schema.json": '{"type": "array"}',
    }
    buffers = {os.path.realpath(root / name): text for name, text in unsaved.items()}
    document = open_prompt(root / "promptfooconfig.yaml", "brief", buffers=buffers)
    saved = open_prompt(root / "promptfooconfig.yaml", "brief")
    assert texts(document) == {"prompt": "Briefly: {{text}}"}
    assert document.written({"prompt": "In short: {{text}}"}) == b"In short: {{text}}"
    assert document.data is not None and saved.data is not None
    assert "Bonjour" in [row.fields["text"] for row in document.data.rows]
    assert "Bonjour" not in [row.fields["text"] for row in saved.data.rows]
    schemas = [c.value for row in document.data.rows for c in row.checks if c.kind == "json-schema"]
    assert {"type": "array"} in schemas
    assert document.data.digest != saved.data.digest


def test_where_the_prompts_stand_is_seen_without_the_files_that_are_named(tmp_path: Path):
    config = shutil.copy(CONFIG, tmp_path)
    standing = prompts_standing(Path(config))
    assert standing.cases
    named = [p for p in standing.prompts if isinstance(p, PromptFile)]
    assert [(p.name, p.path.name) for p in named] == [("brief", "brief.txt"), ("chat.json", "chat.json")]
    inline = [p for p in standing.prompts if not isinstance(p, PromptFile)]
    for each in inline:
        assert each.parts == open_prompt(CONFIG, each.name).parts


def test_a_chat_inside_the_config_is_written_inside_it(tmp_path: Path):
    for name in ("promptfooconfig.yaml", "cases.csv", "schema.json"):
        shutil.copy(ZOO / name, tmp_path)
    raw = CONFIG.read_bytes()
    document = open_prompt(tmp_path / "promptfooconfig.yaml", "talk")
    assert document.written({"user": 'Say "{{text}}"\nnow'}) == raw.replace(
        b'"content": "{{text}}"}]', b'"content": "Say \\"{{text}}\\"\\nnow"}]'
    )


def test_tests_are_cases_with_their_places():
    data = open_prompt(CONFIG, "1").data
    assert data is not None
    assert [(row.id, Path(row.path).name, row.line, row.fields, row.expected) for row in data.rows] == [
        ("promptfooconfig.yaml:1", CONFIG.name, 25, {"language": "French", "text": "Hello"}, "Bonjour"),
        ("promptfooconfig.yaml:2", CONFIG.name, 30, {"language": "German", "text": "yes"}, None),
        ("3", CONFIG.name, 30, {"language": "German", "text": "no"}, None),
        ("cases.csv:1", "cases.csv", 2, {"language": "French", "text": "Good night"}, None),
        ("cases.csv:2", "cases.csv", 3, {"language": "French", "text": "Thanks"}, "Merci"),
    ]
    assert data.paths == (str(CONFIG), str(ZOO / "cases.csv"))


def test_asserts_are_checks():
    data = open_prompt(CONFIG, "1").data
    assert data is not None
    assert data.checks == (CheckSpec(kind="icontains", value="sorry", negate=True),)
    assert data.rows[0].checks == (
        CheckSpec(kind="exact", value="Bonjour", weight=2, options={"strict": True}),
        CheckSpec(kind="contains-any", value=["jour", "soir"]),
    )
    assert data.rows[2].checks == (
        CheckSpec(kind="icontains", value="no"),
        CheckSpec(kind="json-schema", value={"type": "string"}),
        CheckSpec(kind="python", value=f"{ZOO / 'check.py'}::polite"),
        CheckSpec(kind="judge", value="It is polite.", threshold=0.5),
    )


def test_what_is_not_supported_is_left_out_aloud():
    notices = [notice.removeprefix(f"{CONFIG}:") for notice in open_prompt(CONFIG, "1").notices]
    assert notices == [
        "30: the assertion `python` has its code in the config, which is not run: put it into a file, "
        "`file://check.py`; it is left out",
        "30: the assertion `similar` is not supported; it is left out",
        "30: the assertion `levenshtein` is not supported; it is left out",
        "19: the assertion `latency` is not supported; it is left out",
    ]


def test_older_forms_and_files_of_tests(tmp_path: Path):
    (tmp_path / "p.md").write_text("---\na: 1\n---\nOld {{x}}\n")
    (tmp_path / "more.yaml").write_text("- vars: {x: 1}\n  assert: [{type: equals, value: 2}]\n")
    (tmp_path / "vars.yaml").write_text("x: a\n")
    (tmp_path / "long.txt").write_text("a long text\n")
    raw = b"""prompts: {p.md: the label}
providers: openai:gpt-4o
defaultTest: {assert: [{type: contains, value: '{{x}}'}]}
tests:
- vars: file://vars.yaml
- vars: {x: file://long.txt}
  threshold: 0.5
- file://more.yaml
scenarios: []
"""
    document = opened(tmp_path, "c.yaml", raw)
    assert (document.path.name, document.model, texts(document)) == ("p.md", "openai:gpt-4o", {"prompt": "Old {{x}}"})
    assert document.written({"prompt": "New"}) == b"---\na: 1\n---\nNew\n"
    assert document.data is not None
    assert [row.fields for row in document.data.rows] == [{"x": "a"}, {"x": "a long text"}, {"x": 1}]
    assert [check.value for row in document.data.rows for check in row.checks] == ["a", "a long text", 2, "1"]
    assert [n.rpartition(": ")[2] for n in document.notices] == [
        "`threshold` of a test is not supported; it is left out",
        "`scenarios` is not supported; it is left out",
    ]


def test_several_prompts_in_one_text_file_are_refused(tmp_path: Path):
    (tmp_path / "p.txt").write_text("one\n---\ntwo\n")
    with pytest.raises(BadRequest, match="several prompts, separated by ---"):
        opened(tmp_path, "promptfooconfig.yaml", b"prompts: p.txt\n")
