"""Bytes to text and back: encodings, line ends, and lines replaced while every other byte stays."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.errors import UnreadableFile, WriteRefused
from secant.functions.textfile import TextFile, digest_of, read_text_file, text_file

HERE = Path("shop.py")

# Characters that some notion of "line" splits at, and Python's tokenizer does not.
UNICODE_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


def file_of(raw: bytes) -> TextFile:
    return text_file(HERE, raw)


# --- reading


@pytest.mark.parametrize(
    ("raw", "encoding", "bom", "text"),
    [
        (b"x = 1\n", "utf-8", False, "x = 1\n"),
        ("x = 'é'\n".encode(), "utf-8", False, "x = 'é'\n"),
        (b"\xef\xbb\xbfx = 1\r\n", "utf-8", True, "x = 1\n"),
        (b"\xef\xbb\xbf# coding: utf-8\nx = 1\n", "utf-8", True, "# coding: utf-8\nx = 1\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "iso-8859-1", False, "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        (b"#!/usr/bin/env python\r# coding: cp1252\rx = '\x80'\r", "cp1252", False, None),
        ("# coding: shift_jis\nx = '表'\n".encode("shift_jis"), "shift_jis", False, "# coding: shift_jis\nx = '表'\n"),
        (b"", "utf-8", False, ""),
    ],
)
def test_decodes_as_python_does(raw: bytes, encoding: str, bom: bool, text: str | None) -> None:
    file = file_of(raw)
    assert (file.encoding, file.bom, file.raw) == (encoding, bom, raw)
    assert file.text == (text if text is not None else "#!/usr/bin/env python\n# coding: cp1252\nx = '€'\n")
    assert ast.dump(ast.parse(file.text)) == ast.dump(ast.parse(raw))


def test_lines_end_where_the_tokenizer_ends_them() -> None:
    raw = f"a = '{UNICODE_BREAKS[2:]}'\r\nb = 2\rc = 3\n\x0cd = 4".encode()
    file = file_of(raw)
    assert len(file.lines) == len(file.raw_lines) == 4
    names = [node.lineno for node in ast.parse(file.text).body]
    assert names == [1, 2, 3, 4]
    assert file.lines[3] == "\x0cd = 4"


def test_spans_count_bytes_and_leave_the_byte_order_mark_out() -> None:
    file = file_of(b"\xef\xbb\xbf# \xc3\xa9\r\nx = 1\r\ny = 2")
    assert file.byte_span(1, 1) == (3, 9)
    assert file.byte_span(2, 3) == (9, 21)
    assert file.excerpt(2, 3) == "x = 1\ny = 2\n"
    assert not file.ends_with_newline


def test_the_digest_is_of_the_bytes() -> None:
    assert file_of(b"x\n").digest == digest_of(b"x\n") != file_of(b"x\r\n").digest


@pytest.mark.parametrize(
    ("raw", "message", "place"),
    [
        (b"x = 1\ny = '\xe9'\n", "0xe9 is not utf-8|encoding is not known", "shop.py"),
        (b"#\n#\n#\ny = '\xe9'\n", "byte 0xe9 is not utf-8", "shop.py:4"),
        (b"#\r\n#\r\n#\r\n'\xe9'", "byte 0xe9 is not utf-8", "shop.py:4"),
        (b"# coding: klingon\n", "klingon", "shop.py"),
        (b"# coding: rot13\n", "no encoding", "shop.py"),
        (b"# coding: unicode_escape\nx = '\\n'\n", "no encoding for Python source", "shop.py"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "encoding is not known", "shop.py"),
    ],
)
def test_undecodable_bytes_are_named_with_their_line(raw: bytes, message: str, place: str) -> None:
    with pytest.raises(UnreadableFile, match=message) as caught:
        file_of(raw)
    assert (caught.value.where or "").startswith(place)
    assert "UTF-8" in caught.value.hint


def test_a_missing_file_suggests_near_names(tmp_path: Path) -> None:
    (tmp_path / "pricing.py").touch()
    with pytest.raises(UnreadableFile, match="no such file") as caught:
        read_text_file(tmp_path / "prising.py")
    assert str(tmp_path / "pricing.py") in caught.value.hint


def test_a_missing_file_with_no_near_name_lists_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "pricing.py").touch()
    with pytest.raises(UnreadableFile) as caught:
        read_text_file(tmp_path / "zzz.py")
    assert "pricing.py" in caught.value.hint


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_text_file(tmp_path / "nowhere" / "shop.py")
    assert "nowhere" in caught.value.hint


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="folder"):
        read_text_file(tmp_path)


def test_a_path_that_no_system_has_is_an_ordinary_error() -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_text_file(Path("a\0b.py"))


# --- splicing


def test_a_new_line_takes_the_end_that_most_replaced_lines_have() -> None:
    file = file_of(b"a\nb\r\nc\nd\r\ne\n")
    assert file.spliced(2, 4, ["x", "y"]) == b"a\nx\r\ny\r\ne\n"


def test_equals_go_to_the_first_line_end_and_the_last_line_keeps_its_own() -> None:
    assert file_of(b"a\rb\n").spliced(1, 2, ["x", "y"]) == b"x\ry\n"


def test_a_line_that_stays_keeps_its_own_end() -> None:
    file = file_of(b"def f():\r\n    a\n    b\r\n    c\r\n")
    assert file.spliced(1, 4, ["def f():", "    a", "    B", "    c"]) == b"def f():\r\n    a\n    B\r\n    c\r\n"


def test_a_last_line_without_an_end_stays_without_one() -> None:
    file = file_of(b"a\r\nb")
    assert file.spliced(2, 2, ["x", "y"]) == b"a\r\nx\r\ny"
    assert file.spliced(2, 2, ["b", "y"]) == b"a\r\nb\r\ny"
    assert file.spliced(1, 1, ["b", "y"]) == b"b\r\ny\r\nb"


def test_the_only_line_without_an_end_grows_with_newlines() -> None:
    assert file_of(b"a").spliced(1, 1, ["x", "y"]) == b"x\ny"


def test_an_empty_line_after_a_carriage_return_stays_a_line() -> None:
    assert file_of(b"a\rb\nc\nd\n").spliced(2, 3, ["", "c"]) == b"a\r\r\nc\nd\n"
    assert file_of(b"a\rb\nc\nd\n").spliced(1, 3, ["a", "", "c"]) == b"a\r\r\nc\nd\n"
    assert file_of(b"a\rb\rc\n\n").spliced(1, 3, ["x"]) == b"x\n\n"


def test_new_text_is_written_in_the_encoding_of_the_file() -> None:
    file = file_of(b"# coding: latin-1\nx = '\xe9'\n")
    assert file.spliced(2, 2, ["x = 'ö'"]) == b"# coding: latin-1\nx = '\xf6'\n"


def test_the_byte_order_mark_stays_the_only_one() -> None:
    assert file_of(b"\xef\xbb\xbfa\n").spliced(1, 1, ["é"]) == "\ufeffé\n".encode()


def test_a_character_that_the_encoding_lacks_is_named() -> None:
    file = file_of(b"# coding: latin-1\nx = 1\n")
    with pytest.raises(WriteRefused, match=re.escape("'€' (U+20AC), which iso-8859-1 cannot write")):
        file.spliced(2, 2, ["x = '€'"])


# --- properties

# Blank lines are frequent, for they are where line ends of neighbours could meet.
CHARACTERS = st.one_of(st.sampled_from("ab \t'\\#é" + UNICODE_BREAKS), st.characters(exclude_categories=["Cs"]))
LINES = st.lists(st.text(CHARACTERS, max_size=6).map(lambda s: re.sub("[\r\n\ufeff]", "", s)), max_size=6)
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])


@st.composite
def files(draw: st.DrawFn) -> TextFile:
    """A file of at least three lines with any mix of line ends; the first two lines keep cookies out of the way."""
    lines = ["#", "#", *draw(LINES), draw(st.sampled_from(["last", "", "é"]))]
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "latin-1"]))
    if encoding == "latin-1":
        lines = ["# coding: latin-1", "#", *(re.sub("[^\x00-\xff]", "?", line) for line in lines[2:])]
    ends = [draw(ENDS) for _ in lines]
    # "\r" and "\n" of two lines may not become one line end.
    ends = [b"\n" if end == b"\r" and not line else end for end, line in zip(ends, [*lines[1:], "x"], strict=True)]
    if lines[-1] and draw(st.booleans()):
        ends[-1] = b""
    body = b"".join(line.encode(encoding) + end for line, end in zip(lines, ends, strict=True))
    bom = b"\xef\xbb\xbf" if encoding == "utf-8" and draw(st.booleans()) else b""
    return text_file(HERE, bom + body)


@st.composite
def splices(draw: st.DrawFn) -> tuple[TextFile, int, int, list[str]]:
    file = draw(files())
    first = draw(st.integers(3, len(file.lines)))
    last = draw(st.integers(first, len(file.lines)))
    new = draw(LINES.filter(bool))
    if file.encoding != "utf-8":
        new = [re.sub("[^\x00-\xff]", "?", line) for line in new]
    return file, first, last, new


@given(files())
def test_lines_and_raw_lines_are_the_same_lines(file: TextFile) -> None:
    assert [line.rstrip(b"\r\n").decode(file.encoding) for line in file.raw_lines] == list(file.lines)
    assert b"".join(file.raw_lines) == file.raw[3 if file.bom else 0 :]


@given(files(), st.data())
def test_replacing_lines_by_themselves_changes_no_byte(file: TextFile, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(file.lines)))
    last = data.draw(st.integers(first, len(file.lines)))
    assert file.spliced(first, last, file.lines[first - 1 : last]) == file.raw


@given(splices())
def test_outside_the_replaced_lines_every_byte_stays(splice: tuple[TextFile, int, int, list[str]]) -> None:
    file, first, last, new = splice
    result = file.spliced(first, last, new)
    start, end = file.byte_span(first, last)
    assert result.startswith(file.raw[:start])
    assert result.endswith(file.raw[end:])


@given(splices())
def test_the_result_reads_as_the_new_lines(splice: tuple[TextFile, int, int, list[str]]) -> None:
    file, first, last, new = splice
    result = file.spliced(first, last, new)
    start, end = file.byte_span(first, last)
    middle = result[start : len(result) - (len(file.raw) - end)].decode(file.encoding)
    assert re.sub("\r\n?", "\n", middle).removesuffix("\n").split("\n") in (new, new[:-1] if new[-1] == "" else new)
