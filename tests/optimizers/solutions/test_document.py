"""Documents: what is the problem, what the solution, and that nothing else ever changes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.errors import FileChanged, SecantError, TargetNotFound, UnreadableFile, WriteRefused
from secant.functions.textfile import utf8_file
from secant.solutions.document import (
    DEFAULT_HEADING,
    Document,
    apply,
    fitting,
    locate,
    name_of,
    normalised,
    read_document,
)
from secant.solutions.outline import outline

ZOO = Path(__file__).parents[2] / "zoo" / "solutions"


def document(text: str | bytes, selected: str = DEFAULT_HEADING) -> Document:
    raw = text if isinstance(text, bytes) else text.encode()
    return locate(utf8_file(Path("problem.md"), raw), selected)


def zoo(name: str, selected: str = DEFAULT_HEADING) -> Document:
    return read_document(ZOO / name, selected)


def test_problem_and_solution() -> None:
    found = document("# Sum\n\nWhat is 1 + 1?\n\n## Solution\n\nIt is 3.\n\nAnswer: 3\n\n## Notes\n\nnone\n")
    assert found.solution == "It is 3.\n\nAnswer: 3\n"
    assert found.problem == "# Sum\n\nWhat is 1 + 1?\n\n## Notes\n\nnone\n"
    assert found.replaced("It is 2.\n\nAnswer: 2") == (
        b"# Sum\n\nWhat is 1 + 1?\n\n## Solution\n\nIt is 2.\n\nAnswer: 2\n\n## Notes\n\nnone\n"
    )


def test_deeper_headings_belong_to_the_solution() -> None:
    found = document("P\n\n## Solution\na\n### Step\nb\n# End\n")
    assert found.solution == "a\n### Step\nb\n"
    assert found.replaced("c\n\n### Step\n") == b"P\n\n## Solution\nc\n\n### Step\n# End\n"


@pytest.mark.parametrize(
    ("selected", "solution"),
    [("## Solution", "a\n"), ("### Attempt", "b\n"), ("attempt", "b\n"), ("## second  TRY ##", "c\n")],
)
def test_another_section_is_selected_by_its_heading(selected: str, solution: str) -> None:
    text = "P\n## Solution\na\n# X\n### Attempt\nb\n# Y\nSecond try\n---\nc\n"
    assert document(text, selected).solution == solution


def test_the_usual_heading_is_taken_at_any_level() -> None:
    assert document("P\n\nSolution\n========\na\n").solution == "a\n"
    assert document("P\n# Solution\na\n## Solution\nb\n").solution == "b\n"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("P\n\n## Solution\n", "P\n\n## Solution\n\nx\n"),
        ("P\n\n## Solution", "P\n\n## Solution\n\nx"),
        ("P\n\n## Solution\n\n\n## Notes\n", "P\n\n## Solution\n\nx\n\n\n## Notes\n"),
        ("P\n\n## Solution\n## Notes\n", "P\n\n## Solution\n\nx\n\n## Notes\n"),
        ("P\r\n\r\n## Solution\r\n", "P\r\n\r\n## Solution\r\n\r\nx\r\n"),
        ("P\n", "P\n\n## Solution\n\nx\n"),
        ("P", "P\n\n## Solution\n\nx"),
        ("P\r\n\r\n\r\n", "P\r\n\r\n## Solution\r\n\r\nx\r\n\r\n\r\n"),
    ],
)
def test_a_solution_that_is_missing_gets_its_place(text: str, result: str) -> None:
    found = document(text)
    assert found.solution == ""
    assert found.replaced("x") == result.encode()
    assert document(result).solution == "x\n"


def test_a_missing_heading_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(TargetNotFound) as error:
        document("# A\n## B\n", "## Attempt")
    assert "no heading '## Attempt'" in str(error.value)
    assert "There are: # A, ## B." in str(error.value)


def test_a_misspelt_heading_is_not_taken_for_a_missing_one() -> None:
    with pytest.raises(TargetNotFound, match="Did you mean --select '## Solutions'"):
        document("P\n## Solutions\na\n")


def test_several_headings_are_an_error_that_names_their_lines() -> None:
    with pytest.raises(TargetNotFound, match=r"2 headings are '## Solution' \(line 2, line 4\)"):
        document("P\n## Solution\na\n## Solution\nb\n")


SHEET = "# Sheet\n## One\nFirst?\n### Solution\na\n## Two\nSecond?\n### Solution\nb\n"


def test_of_several_headings_one_is_named_behind_those_above_it() -> None:
    found = document(SHEET, "## Two > ### Solution")
    assert (found.solution, found.selected) == ("b\n", "## Two > ### Solution")
    assert document(SHEET, "# Sheet > two > solution").solution == "b\n"
    assert found.replaced("c") == SHEET.replace("\nb\n", "\nc\n").encode()
    with pytest.raises(TargetNotFound, match="Say which, --select '## One > ### Solution', or rename one"):
        document(SHEET)
    with pytest.raises(TargetNotFound, match="no heading"):
        document(SHEET, "# Sheet > ### Solution")


def test_every_heading_is_found_by_its_name_or_has_none() -> None:
    text = f"{SHEET}# Sheet\n## One\n#\n## C#\n## a > b\n### Notes\n"
    headings = outline(text.split("\n")).headings
    names = {heading.first_line: name_of(headings, heading) for heading in headings}
    assert names[8] == "## Two > ### Solution"
    assert names[4] == "## One > ### Solution"
    assert names[1] is names[10] is names[12] is None
    for line, name in names.items():
        assert name is None or document(text, name).heading.first_line == line


def test_the_problem_is_told_by_its_words_without_the_other_solutions() -> None:
    given = document(SHEET, "## Two > ### Solution").given
    assert document(SHEET.replace("\na\n", "\nx\n\n"), "## Two > ### Solution").given == given
    assert document(SHEET.replace("First?", "  First?\n"), "## Two > ### Solution").given == given
    assert document(SHEET.replace("First?", "Third?"), "## Two > ### Solution").given != given
    assert document("P\n").given == document("P\n\n## Solution\n\na\n").given


@pytest.mark.parametrize("text", ["## Notes\nx", "y\n\n# z", "```\nx", "", " \n", "a\n---", "<!-- x"])
def test_a_solution_that_would_not_stay_in_its_section_is_refused(text: str) -> None:
    with pytest.raises(WriteRefused):
        document("P\n\n## Solution\n\na\n\n## Notes\n\nb\n").replaced(text)


def test_zoo_headings_in_code() -> None:
    found = zoo("fenced_headings.md")
    assert found.solution.startswith("Read the file")
    assert "## Solution\n" in found.solution
    assert found.solution.endswith("Answer: 2\n")
    assert found.problem.endswith("Nothing here.\n")


def test_zoo_line_ends_and_byte_order_mark_stay() -> None:
    found = zoo("crlf_bom.md")
    new = found.replaced("Step one.\nStep three.\n\nAnswer: 9")
    assert new.startswith(b"\xef\xbb\xbf")
    assert new == found.file.raw.replace(b"Step two.\r\n", b"Step three.\r\n").replace(b"Answer: 8", b"Answer: 9")
    assert b"\n" not in new.replace(b"\r\n", b"")


def test_zoo_mixed_line_ends_of_lines_that_stay_stay() -> None:
    found = zoo("mixed_line_ends.md")
    new = found.replaced(found.solution.replace("2", "3"))
    assert new == found.file.raw.replace(b"Answer: 2", b"Answer: 3")


def test_zoo_setext_and_front_matter() -> None:
    found = zoo("setext.md")
    assert found.solution == "Seven, surely.\n\nAnswer: 7\n"
    assert str(found.heading) == "## Solution"


def test_zoo_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="0xe9 is not UTF-8"):
        zoo("latin1.md")
    with pytest.raises(UnreadableFile, match="no such file"):
        read_document(tmp_path / "missing.md")
    with pytest.raises(UnreadableFile, match="folder"):
        read_document(tmp_path)
    (tmp_path / "empty.md").write_text(" \n")
    with pytest.raises(SecantError, match="empty"):
        read_document(tmp_path / "empty.md")


def test_a_line_that_looks_like_a_coding_comment_is_text() -> None:
    assert document("# On encoding: klingon\n\n## Solution\na\n").solution == "a\n"


def test_an_editors_text_is_read_in_place_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    path.write_bytes(b"\xef\xbb\xbfP\n## Solution\nold\n")
    found = read_document(path, unsaved="P\n## Solution\nnew\n")
    assert found.solution == "new\n"
    assert found.file.raw.startswith(b"\xef\xbb\xbf")


def test_applying_writes_these_lines_and_no_other_byte(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    path.write_bytes(b"P\r\n\n## Solution\n\nold\r\n\n# End")
    path.chmod(0o640)
    found = read_document(path)
    apply(found, "new\n", found.file.digest)
    assert path.read_bytes() == b"P\r\n\n## Solution\n\nnew\r\n\n# End"
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(FileChanged):
        apply(found, "newer\n", found.file.digest)
    assert path.read_bytes().count(b"new\r\n") == 1


def test_the_diff_is_one_that_git_applies(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    path.write_bytes(b"P\n\n## Solution\n")
    found = read_document(path)
    diff = found.diff("x\n", root=tmp_path)
    subprocess.run(["git", "apply"], cwd=tmp_path, input=diff.encode(), check=True)
    assert path.read_bytes() == found.replaced("x")


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        ("# Solution\n\nx\n", "x\n"),
        ("Solution:\n===\nx", "x\n"),
        ("# Step 1\nx\n## Detail\n", "### Step 1\nx\n#### Detail\n"),
        ("Step\n---\nx\n```\n# code\n```\n", "### Step\nx\n```\n# code\n```\n"),
        ("\n\nx\r\n\n", "x\n"),
        ("", ""),
    ],
)
def test_an_answer_is_made_to_fit_under_its_heading(text: str, fitted: str) -> None:
    assert fitting(text, 2) == fitted


LINES = st.lists(
    st.sampled_from(["text", "", "## Solution", "# A", "### b", "```", "- item", "---", "x\ty", "é", "<!-- -->"]),
    max_size=12,
)


@given(LINES, LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_replacing_changes_the_solution_and_nothing_else(
    lines: list[str], new: list[str], end: str, final: bool
) -> None:
    raw = (end.join(["P", *lines]) + (end if final else "")).encode()
    try:
        found = document(raw)
        data = found.replaced("\n".join(new))
    except (TargetNotFound, WriteRefused):
        return
    after = document(data)
    assert after.solution == normalised("\n".join(new))
    if found.heading is not None:
        assert after.problem == found.problem
        start = found.file.byte_span(1, found.heading.last_line)[1]
        assert data[:start].rstrip(b"\r\n") == raw[:start].rstrip(b"\r\n")
    if found.solution:
        assert after.replaced(found.solution) == raw
