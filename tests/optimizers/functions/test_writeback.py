"""Writing a function back: those lines and no other byte, or nothing at all."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.errors import FileChanged, SecantError, WriteRefused
from secant.functions import writeback
from secant.functions.locate import LocatedFunction, locate
from secant.functions.target import parse_target
from secant.functions.textfile import digest_of, read_text_file, text_file

SHOP = b"""\
# A shop.
import math


class Basket:
    def total(self):
        return sum(self.items)

    def count(self):
        return len(self.items)  # \xc3\xa9

RATE = 2
"""
NEW_TOTAL = "    def total(self):\n        # exact\n        return math.fsum(self.items)\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_bytes(SHOP)
    return path


def names_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


def located_in(path: Path, name: str = "Basket.total") -> LocatedFunction:
    return locate(read_text_file(path), parse_target(f"{path}::{name}"))


def apply_to(path: Path, new: str = NEW_TOTAL, name: str = "Basket.total") -> str:
    located = located_in(path, name)
    return writeback.apply(located, new, located.file.digest)


def expected(raw: bytes = SHOP) -> bytes:
    return raw.replace(b"        return sum(self.items)", b"        # exact\n        return math.fsum(self.items)")


# --- writing


def test_replaces_the_function_and_says_the_new_digest(shop: Path) -> None:
    digest = apply_to(shop)
    assert shop.read_bytes() == expected()
    assert digest == digest_of(expected())


def test_leaves_nothing_else_in_the_folder(shop: Path) -> None:
    apply_to(shop)
    assert names_in(shop.parent) == ["shop.py"]


def test_a_text_without_final_newline_or_with_other_line_ends_is_the_same_text(shop: Path) -> None:
    apply_to(shop, NEW_TOTAL.replace("\n", "\r\n").rstrip())
    assert shop.read_bytes() == expected()


def test_keeps_the_permissions(shop: Path) -> None:
    shop.chmod(0o754)
    apply_to(shop)
    assert stat.S_IMODE(shop.stat().st_mode) == 0o754


def test_follows_a_link_to_the_real_file(shop: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(shop.name)
    apply_to(link)
    assert link.is_symlink()
    assert shop.read_bytes() == expected()


def test_the_file_is_later_by_a_whole_second_so_that_no_bytecode_looks_fresh(shop: Path) -> None:
    before = int(shop.stat().st_mtime)
    apply_to(shop)
    assert int(shop.stat().st_mtime) > before


def test_twice_in_a_row(shop: Path) -> None:
    apply_to(shop)
    apply_to(shop, "    def total(self):\n        return sum(self.items)\n")
    assert shop.read_bytes() == SHOP


# --- refusing


def test_a_file_that_changed_is_left_alone(shop: Path) -> None:
    located = located_in(shop)
    changed = SHOP + b"# more\n"
    shop.write_bytes(changed)
    with pytest.raises(FileChanged, match="changed since it was measured"):
        writeback.apply(located, NEW_TOTAL, located.file.digest)
    assert shop.read_bytes() == changed


def test_a_file_that_changes_at_the_last_moment_is_left_alone(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = SHOP + b"# more\n"
    monkeypatch.setattr(writeback.os, "fsync", lambda _: shop.write_bytes(changed))
    with pytest.raises(FileChanged):
        apply_to(shop)
    assert shop.read_bytes() == changed
    assert names_in(shop.parent) == ["shop.py"]


def test_a_read_only_file_is_left_alone(shop: Path) -> None:
    shop.chmod(0o444)
    with pytest.raises(WriteRefused, match="read-only") as caught:
        apply_to(shop)
    assert "chmod u+w" in caught.value.hint
    assert shop.read_bytes() == SHOP


def test_a_deleted_file_is_an_ordinary_error(shop: Path) -> None:
    located = located_in(shop)
    shop.unlink()
    with pytest.raises(SecantError, match="no such file"):
        writeback.apply(located, NEW_TOTAL, located.file.digest)
    assert names_in(shop.parent) == []


@pytest.mark.parametrize("step", ["mkstemp", "fsync", "utime"])
def test_a_full_disk_changes_nothing(shop: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    owner = writeback.tempfile if step == "mkstemp" else writeback.os
    monkeypatch.setattr(owner, step, full)
    with pytest.raises(WriteRefused, match="No space left on device"):
        apply_to(shop)
    assert shop.read_bytes() == SHOP
    assert names_in(shop.parent) == ["shop.py"]


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("    def total(self):\n        return (1\n", "not exactly one function"),
        ("    x = 1\n", "not exactly one function"),
        ("    def total(self):\n        return 1\n    def more(self):\n        return 2\n", "not exactly one function"),
        ("    def total(self):\n        return '''1\n", "not exactly one function"),
        ("    def total(self):\n        return 1 \\\n", "not exactly one function"),
        ("", "not exactly one function"),
        ("    def tally(self):\n        return 1\n", "does not define total"),
        ("def total(self):\n    return 1\n", "would not be right"),
        ("  def total(self):\n    return 1\n", "same place"),
        ("    def total(self):\n        return '\0'\n", "not exactly one function"),
    ],
)
def test_a_text_that_would_not_be_this_function_is_refused(shop: Path, new: str, message: str) -> None:
    with pytest.raises(WriteRefused, match=message) as caught:
        apply_to(shop, new)
    assert "Nothing was written" in caught.value.hint
    assert shop.read_bytes() == SHOP


def test_a_character_that_the_encoding_lacks_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "shop.py"
    raw = b"# coding: latin-1\ndef f():\n    return '\xe9'\n"
    path.write_bytes(raw)
    with pytest.raises(WriteRefused, match="U\\+20AC"):
        apply_to(path, "def f():\n    return '€'\n", "f")
    assert path.read_bytes() == raw


# --- outside the function, byte for byte

BEFORE = ["import math", "", "x = 'é'", "y = '\x85\u2028\u2029\x0c'", "\x0c", "if x:\tpass", "# ÿ", "z = '''", "'''"]
AFTER = ["", "w = 1", "# é \x1c end", "\x0c", "def after():", "\treturn 1"]
BODY = ["a = 1", "", "# é", "b = '\x85'", "c = [1,", "     2]", "\x0c"]
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def _lines(draw: st.DrawFn, indent: str) -> list[str]:
    body = draw(st.lists(st.sampled_from([0, 1, 2, 3, 4, 6]), max_size=6))
    chosen = [line for index in body for line in (BODY[4:6] if index == 4 else [BODY[index]])]
    return ["def f(n):", *(f"{indent}{line}" if line.strip() else line for line in chosen), f"{indent}return n"]


@st.composite
def edits(draw: st.DrawFn) -> tuple[bytes, list[str], list[str], list[str], str]:
    """A file's bytes, the lines before, of, and after the function, and a new text of the function."""
    encoding = draw(st.sampled_from(["utf-8", "latin-1"]))
    cookie = "# coding: latin-1" if encoding == "latin-1" else "# shop"
    before = [cookie, "#", *BEFORE[: draw(st.integers(0, len(BEFORE)))]]
    if before[-1] == "z = '''":
        before.append("'''")
    after = AFTER if draw(st.booleans()) else []
    indent = draw(st.sampled_from(["    ", "\t", "  "]))
    old, new = draw(_lines(indent)), draw(_lines(indent))
    common = draw(ENDS)
    ends = [draw(ENDS) if draw(st.booleans()) else common for _ in (*before, *old, *after)]
    whole = [*before, *old, *after]
    ends = ["\r\n" if end == "\r" and not line else end for end, line in zip(ends, [*whole[1:], "x"], strict=True)]
    if draw(st.booleans()):
        ends[-1] = ""
    text = "".join(line + end for line, end in zip(whole, ends, strict=True))
    raw = text.encode(encoding, "replace")
    bom = b"\xef\xbb\xbf" if encoding == "utf-8" and draw(st.booleans()) else b""
    return bom + raw, before, old, after, "\n".join(new) + "\n"


@given(edits())
def test_only_the_function_changes(edit: tuple[bytes, list[str], list[str], list[str], str]) -> None:
    raw, before, old, after, new = edit
    file = text_file(Path("shop.py"), raw)
    located = locate(file, parse_target("shop.py::f"))
    assert (located.first_line, located.last_line) == (len(before) + 1, len(before) + len(old))
    result = writeback.replaced(located, new)
    start, end = file.byte_span(located.first_line, located.last_line)
    assert result[:start] == raw[:start]
    assert result.endswith(raw[end:])
    again = locate(text_file(Path("shop.py"), result), parse_target("shop.py::f"))
    assert again.text == new
    assert again.file.byte_span(again.first_line, again.last_line) == (start, len(result) - (len(raw) - end))
    assert len(again.file.lines) - again.last_line == len(after)


@given(edits())
def test_its_own_text_changes_nothing(edit: tuple[bytes, list[str], list[str], list[str], str]) -> None:
    located = locate(text_file(Path("shop.py"), edit[0]), parse_target("shop.py::f"))
    assert writeback.replaced(located, located.text) == edit[0]
    assert writeback.preview_diff(located, located.text) == ""


@given(edits())
def test_the_way_there_and_back_is_the_same_text(edit: tuple[bytes, list[str], list[str], list[str], str]) -> None:
    raw, *_, new = edit
    located = locate(text_file(Path("shop.py"), raw), parse_target("shop.py::f"))
    there = locate(text_file(Path("shop.py"), writeback.replaced(located, new)), parse_target("shop.py::f"))
    back = text_file(Path("shop.py"), writeback.replaced(there, located.text))
    assert back.text == located.file.text


# --- the diff


def test_the_diff_has_the_line_numbers_of_the_file(shop: Path) -> None:
    located = located_in(shop)
    assert writeback.preview_diff(located, NEW_TOTAL, root=shop.parent) == (
        "--- a/shop.py\n"
        "+++ b/shop.py\n"
        "@@ -4,7 +4,8 @@\n"
        " \n"
        " class Basket:\n"
        "     def total(self):\n"
        "-        return sum(self.items)\n"
        "+        # exact\n"
        "+        return math.fsum(self.items)\n"
        " \n"
        "     def count(self):\n"
        "         return len(self.items)  # é\n"
    )


def test_the_path_is_relative_to_the_root_or_whole(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    located = located_in(shop)
    inside = writeback.preview_diff(located, NEW_TOTAL, root=shop.parent.parent)
    outside = writeback.preview_diff(located, NEW_TOTAL, root=tmp_path_factory.mktemp("elsewhere"))
    assert inside.startswith(f"--- a/{shop.parent.name}/shop.py\n")
    assert outside.startswith(f"--- a{shop.as_posix()}\n")


def test_a_file_without_final_newline_is_marked() -> None:
    located = locate(text_file(Path("s.py"), b"def f():\n    a = 1\n    return a"), parse_target("s.py::f"))
    assert writeback.preview_diff(located, "def f():\n    return 1\n").splitlines()[2:] == [
        "@@ -1,3 +1,2 @@",
        " def f():",
        "-    a = 1",
        "-    return a",
        "\\ No newline at end of file",
        "+    return 1",
        "\\ No newline at end of file",
    ]


def test_a_long_function_gets_several_hunks() -> None:
    body = [f"    x{n} = {n}" for n in range(40)]
    source = "\n".join(["#", "def f():", *body, "    return 1", ""])
    located = locate(text_file(Path("s.py"), source.encode()), parse_target("s.py::f"))
    diff = writeback.preview_diff(located, located.text.replace("x1 = 1\n", "x1 = 7\n").replace("return 1", "return 2"))
    assert [line for line in diff.splitlines() if line.startswith("@@")] == ["@@ -1,7 +1,7 @@", "@@ -40,4 +40,4 @@"]


@pytest.mark.parametrize(
    ("raw", "new"),
    [
        (SHOP, NEW_TOTAL),
        (SHOP.rstrip(b"\n"), NEW_TOTAL),
        (SHOP[: SHOP.index(b"\n    def count")], NEW_TOTAL),
        (SHOP[: SHOP.index(b"\n\n    def count")], NEW_TOTAL),
    ],
)
def test_git_takes_the_diff(tmp_path: Path, raw: bytes, new: str) -> None:
    git = shutil.which("git")
    assert git, "git is a tool of this project (make demo needs it as well)"
    path = tmp_path / "shop.py"
    path.write_bytes(raw)
    located = located_in(path)
    diff = writeback.preview_diff(located, new, root=tmp_path)
    subprocess.run([git, "apply", "-"], input=diff.encode(), cwd=tmp_path, check=True)
    assert path.read_bytes() == writeback.replaced(located, new)
