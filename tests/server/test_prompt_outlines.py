"""Prompts of every format in an editor: where they stand, and how other lines take their place."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from secant.promptfiles.opening import open_prompt
from secant.promptfiles.place import Place
from secant_server.languages import MARKDOWN, PROMPT, language_of
from secant_server.prompts import PromptOutlines, Prompts
from secant_server.targets import Selection
from secant_server.text import excerpt, lines

ZOO = Path(__file__).parents[1] / "zoo" / "prompts" / "files"
FORMATS = (
    "summarizer.prompt.yml",
    "support.prompty",
    "chef.prompt",
    "review.prompt.md",
    "style.instructions.md",
    "answer.jinja2",
    "brief.txt",
)
CONFIG = """description: two  # kept
prompts:
  - label: short
    raw: "Sort {{ticket}}"
  - label: long
    raw: |
      Sort this ticket.

      {{ticket}}
tests:
  - vars: {ticket: I was charged twice}
    assert: [{type: equals, value: billing}]
"""


@pytest.mark.parametrize("name", FORMATS)
def test_a_prompt_of_any_format_stands_in_whole_lines(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    shutil.copy(ZOO / name, path)
    text = path.read_bytes().decode("utf-8-sig")
    outline = Prompts(path, text)
    assert (outline.problem, len(outline.targets)) == (None, 1)
    (prompt,) = outline.targets
    assert prompt.name == name
    base = excerpt(text, prompt.span)
    assert prompt.document.parts[0].text.split()[0] in base
    assert outline.landed(text, prompt, base) == text
    landed = outline.landed(text, prompt, "one\ntwo\n")
    assert landed is not None
    before, after = lines(text)[: prompt.span.start], lines(text)[prompt.span.end :]
    assert lines(landed)[: prompt.span.start] == before
    assert not after or lines(landed)[-len(after) :] == after


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_engine_and_server_mean_the_same_lines(name: str, end: str, tmp_path: Path) -> None:
    """What a run measured is found again in the buffer, and what it found goes in as the engine writes it."""
    path = tmp_path / name
    text = (ZOO / name).read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    path.write_bytes(text.replace("\n", end).encode())
    document = open_prompt(path)
    place, outline = Place(document), Prompts(path, path.read_bytes().decode())
    (prompt,) = outline.targets
    assert excerpt(path.read_bytes().decode(), prompt.span) == place.text
    part = document.parts[0]
    source = place.source({part.name: f"{part.text}\n\nOne line more."})
    landed = outline.landed(path.read_bytes().decode(), prompt, source)
    assert landed is not None and landed.encode() == place.spliced(source)


def test_several_prompts_of_a_config_are_told_apart(tmp_path: Path) -> None:
    outline = Prompts(tmp_path / "promptfooconfig.yaml", CONFIG)
    assert [(p.name, p.line, p.usual) for p in outline.targets] == [("short", 3, True), ("long", 5, True)]
    around = outline.meant(Selection(8, 8, empty=True)).target
    assert around is not None and around.name == "long"
    assert "several prompts" in outline.meant(Selection(0, 0, empty=True)).reason
    assert outline.at(3) is outline.targets[0]


def test_a_prompt_in_another_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("Sort {{ticket}}\n")
    outline = Prompts(tmp_path / "promptfooconfig.yaml", "prompts: [file://prompt.txt]\n")
    assert outline.targets == []
    assert outline.meant(Selection(0, 0, empty=True)).reason == "The prompt stands in a file of its own: prompt.txt."


def test_yaml_that_does_not_parse_says_where(tmp_path: Path) -> None:
    outline = Prompts(tmp_path / "a.prompt.yml", "messages:\n  - role: user\n    content: [\n")
    assert outline.problem is not None and outline.problem.line >= 2
    assert outline.targets == ()


@pytest.mark.asyncio
@pytest.mark.parametrize("times", [1, 5000])
async def test_a_long_one_is_read_once_for_all_who_ask(tmp_path: Path, times: int) -> None:
    outlines, uri = PromptOutlines(), (tmp_path / "a.prompt.md").as_uri()
    text = "Sort {{ticket}}.\n" * times
    first, second = await asyncio.gather(outlines.soon(uri, 1, text), outlines.soon(uri, 1, text))
    assert first is second is outlines.of(uri, 1, text)
    assert first.targets[0].span.end == times


def test_only_a_new_version_is_read_again(tmp_path: Path) -> None:
    outlines, uri = PromptOutlines(), (tmp_path / "a.prompt.md").as_uri()
    first = outlines.of(uri, 1, "Sort.\n")
    assert outlines.of(uri, 1, "Sort.\n") is first
    assert outlines.of(uri, 2, "Sort it.\n") is not first


def test_a_name_says_what_is_a_prompt_and_else_its_cases(tmp_path: Path) -> None:
    named = ["a.prompt.md", "A.Instructions.md", "AGENTS.md", "SKILL.md", "a.prompty", "a.prompt", "a.prompt.yml"]
    assert [language_of(tmp_path / name) for name in [*named, "promptfooconfig.yaml"]] == [PROMPT] * 8
    plain = ["notes.md", "notes.txt", "notes.text", "notes.j2"]
    assert [language_of(tmp_path / name) for name in plain] == [MARKDOWN, None, None, None]
    (tmp_path / "notes.eval.csv").write_text("input,expected\na,b\n")
    assert [language_of(tmp_path / name) for name in plain] == [PROMPT] * 4
    assert language_of(tmp_path / "notes.yml") is None


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("a.prompt.md", "<!-- It - - is. -->"),
        ("a.prompt.yml", "# It -- is."),
        ("a.jinja2", "{# It -- is. #}"),
        ("a.prompt", "{{! It -- is. }}"),
    ],
)
def test_a_remark_is_a_comment_of_the_format(tmp_path: Path, name: str, first: str) -> None:
    assert Prompts(tmp_path / name, "x").remark("It -- is.") == f"{first}\n"
