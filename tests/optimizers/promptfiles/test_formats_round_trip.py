"""Every format: nothing changes but the prompt's text, and what is read back is what was written."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.errors import WriteRefused
from secant.promptfiles.formats.source import trimmed
from secant.promptfiles.opening import open_prompt
from secant.promptfiles.place import Place
from tests.optimizers.promptfiles.prompt_zoo import PROMPTS, ZOO, opened, texts

BOM = b"\xef\xbb\xbf"
VARIANTS = {
    "as it is": lambda raw: raw,
    "CRLF": lambda raw: raw.replace(b"\n", b"\r\n"),
    "mixed": lambda raw: raw.replace(b"\n", b"\r\n", raw.count(b"\n") // 2),
    "BOM": lambda raw: BOM + raw,
    "no final line end": lambda raw: raw.rstrip(b"\n"),
}
NEW = [
    "one line",
    "two\nlines",
    "a: b # c\n\n\n  indented\n\tand a tab\n- 'x' \"y\" \\z",
    "é 😀 {{x}} {x} <IMPROVED>⟦x⟧</IMPROVED> % & * ! | > ` @",
    "yes",
    '"""quoted"""',
    "ends with a backslash \\",
]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("filename", "name"), PROMPTS)
def test_only_the_text_of_the_prompt_changes(filename: str, name: str, variant: str, tmp_path: Path):
    for other in ("brief.txt", "chat.json", "schema.json", "cases.csv"):
        shutil.copy(ZOO / other, tmp_path)
    raw = VARIANTS[variant]((ZOO / filename).read_bytes())
    document = opened(tmp_path, filename, raw, name)
    file = document.path
    raw = file.read_bytes()
    assert document.written({}) == raw
    assert document.written(texts(document)) == raw
    for part, slot in zip(document.parts, document.slots, strict=True):
        new = NEW[(len(part.text) + len(raw)) % len(NEW)]
        written = document.written({part.name: new})
        file.write_bytes(written)
        again = open_prompt(tmp_path / filename, name)
        assert texts(again) == {**texts(document), part.name: new}
        mark = len(BOM) if raw.startswith(BOM) else 0
        before = mark + len(document.source.text[: slot.start].encode())
        behind = len(document.source.text[slot.end :].encode())
        assert written[:before] == raw[:before]
        assert written[len(written) - behind :] == raw[len(raw) - behind :]
        assert part.first_line <= part.last_line <= raw.count(b"\n") + 1
        if variant != "mixed":  # where a line end is chosen anew, two choices are right
            place = Place(document)
            assert place.spliced(place.source({part.name: new})) == written


LINES = st.text(st.characters(exclude_characters="\r", exclude_categories=("Cs",)), max_size=20)
TEXTS = st.lists(LINES | st.sampled_from(["", "  x", "- a", "\tb", "user:", "# c", "a: b", '"""']), max_size=6)
NEW_TEXTS = TEXTS.map(lambda lines: trimmed("\n".join(lines)).core).filter(str.strip)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])

FRAMES = {
    "a.md": ("---\nmodel: x # y\n---\n\n", "Old text\n  of lines", "\n\n"),
    "a.txt": ("", "Old", "\n"),
    "a.prompty": ("---\nname: x\n---\nsystem:\n", "Old", "\nuser:\n{{x}}\n"),
    "literal.prompt.yml": ("messages:\n- role: user\n  content: |2+\n", "    Old\n\n     text", "\n\n# end\nx: 1\n"),
    "folded.prompt.yml": ("messages:\n- role: user\n  content: >-\n", "   Old\n   text\n\n   more", "\nx: 1\n"),
    "double.prompt.yml": ("messages:\n- role: user\n  content: ", '"Old \\x41\\n text"', " # c\nx: 1\n"),
    "single.prompt.yml": ("messages:\n- role: user\n  content: ", "'it''s old'", "\nx: 1\n"),
    "plain.prompt.yml": ("messages:\n- role: user\n  content: ", "Old text", "\nx: 1\n"),
    "flow.prompt.yml": ("messages: [{role: user, content: ", "Old text", "}]\nx: 1\n"),
    "chat.json": ('[{"role": "user", "content": ', '"Old"', "}]\n"),
    "single.py": ("X = 1\nPROMPT = ", "'Old'", "  # c\nY = PROMPT\n"),
    "triple.py": ("class A:\n    PROMPT = ", '"""Old\n    text"""', "\n\nY = 2\n"),
    "raw.py": ("PROMPT = ", "r'Old \\d'", "\n"),
    "joined.py": ("PROMPT = (\n    ", "'Old\\n'  # c\n    'text'", "\n)\n"),
}


@settings(max_examples=12)
@pytest.mark.parametrize("filename", FRAMES)
@given(new=NEW_TEXTS, end=ENDS, bom=st.booleans())
def test_what_was_written_is_read_back(filename: str, new: str, end: str, bom: bool, tmp_path_factory):
    head, old, tail = (text.replace("\n", end).encode() for text in FRAMES[filename])
    raw = (BOM if bom else b"") + head + old + tail
    name = ("A.PROMPT" if filename == "triple.py" else "PROMPT") if filename.endswith(".py") else ""
    folder = tmp_path_factory.getbasetemp()
    document = opened(folder, filename, raw, name)
    part = document.parts[0].name
    assert document.written({}) == raw
    try:
        written = document.written({part: new})
    except WriteRefused:
        assert filename in ("a.md", "a.txt", "a.prompty")
        return
    place = Place(document)
    assert place.spliced(place.source({part: new})) == written  # nothing changes outside of the lines that it names
    again = opened(folder, filename, written, name)
    assert again.parts[0].text == new
    assert [part.text for part in again.parts[1:]] == [part.text for part in document.parts[1:]]
    assert written.startswith((BOM if bom else b"") + head.rpartition(b" ")[0])
    assert written.endswith(tail) or filename.endswith(("literal.prompt.yml", "folded.prompt.yml"))


def test_lines_that_stay_keep_their_line_ends(tmp_path: Path):
    document = opened(tmp_path, "a.md", b"one\r\ntwo\nthree\rfour\n")
    assert document.written({"prompt": "zero\none\ntwo\nthree\n4"}) == b"zero\none\r\ntwo\nthree\r4\n"


def test_blank_lines_around_the_text_are_the_files(tmp_path: Path):
    document = opened(tmp_path, "a.md", b"---\na: 1\n---\n\n\n  old  \n \n")
    assert document.parts[0].text == "  old"
    assert document.written({"prompt": "\n\nnew\n\n\n"}) == b"---\na: 1\n---\n\n\nnew  \n \n"


@pytest.mark.parametrize(
    ("filename", "raw", "new", "why"),
    [
        ("a.md", b"old\n", "---\nx: 1\n---\nnew", "would not read"),
        ("a.md", b"old\n", "a\rb", "would not read"),
        ("a.md", b"old\n", " \n", "is empty"),
        ("a.prompty", b"user:\nold\n", "new\nsystem:\nmore", "other messages"),
        ("a.md", b"old\n", "\ud800", "which utf-8 cannot write"),
    ],
)
def test_a_text_that_cannot_stand_there_is_refused(filename: str, raw: bytes, new: str, why: str, tmp_path: Path):
    document = opened(tmp_path, filename, raw)
    with pytest.raises(WriteRefused) as error:
        document.written({document.parts[0].name: new})
    assert why in str(error.value)
    assert "Nothing was written" in str(error.value)


def test_an_unknown_part_is_refused_with_those_that_there_are(tmp_path: Path):
    document = opened(tmp_path, "a.prompty", b"system:\nold\nuser:\n{{x}}\n")
    with pytest.raises(WriteRefused, match="no part 'prompt'; it has: system, user"):
        document.written({"prompt": "new"})
