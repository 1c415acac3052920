"""Unsaved texts: which bytes they stand for, which test files they are, and that the runs see them and nothing else."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.config import OptimizeRequest
from secant.errors import UnreadableFile
from secant.events import Event, Notice
from secant.functions.buffers import Buffers
from secant.functions.locate import locate
from secant.functions.mirror import Mirror
from secant.functions.place import choose_place
from secant.functions.project import find_project
from secant.functions.subject import find_subject
from secant.functions.target import Target
from secant.functions.testfiles import candidates
from secant.functions.textfile import unsaved_file

PRICE = "def price(amount):\n    return amount\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "shop"
    place.mkdir()
    (place / "pytest.ini").write_text("[pytest]\n")
    (place / "prices.py").write_text(PRICE)
    return place


def buffers(texts: Mapping[Path, str]) -> Buffers:
    return Buffers({str(path): text for path, text in texts.items()})


# The bytes


@given(st.text(alphabet="aé€😋 \n\r\t\f\u2028", max_size=30), st.booleans())
def test_a_buffer_is_what_saving_it_would_write(tmp_path_factory: pytest.TempPathFactory, text: str, bom: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "bom.py"
    path.write_bytes(codecs.BOM_UTF8 if bom else b"")
    assert unsaved_file(path, text).raw == (codecs.BOM_UTF8 if bom else b"") + text.encode()


def test_the_encoding_is_the_one_that_the_text_declares(tmp_path: Path) -> None:
    text = "# -*- coding: latin-1 -*-\nNAME = 'é'\n"
    file = unsaved_file(tmp_path / "new.py", text)
    assert file.raw == text.encode("latin-1")
    assert (file.text, file.encoding) == (text, "iso-8859-1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# coding: latin-1\nEURO = '€'\n", "its unsaved text has '€' (U+20AC), which iso-8859-1 cannot write"),
        ("# coding: klingon\n", "its encoding is not known"),
        ("# coding: rot13\n", "rot13 is no encoding for text"),
        ("LONE = '\ud800'\n", "(U+D800), which utf-8 cannot write"),
    ],
)
def test_a_text_that_cannot_be_saved_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        unsaved_file(tmp_path / "shop.py", text)
    assert said in caught.value.message
    assert caught.value.where == str(tmp_path / "shop.py")
    assert "UTF-8" in caught.value.hint


def test_only_what_differs_from_the_disk_is_unsaved(folder: Path) -> None:
    known = buffers({folder / "prices.py": PRICE, folder / "new.py": ""})
    assert known.unsaved == {folder / "new.py": b""}
    assert buffers({folder / "prices.py": PRICE.replace("\n", "\r\n")}).unsaved


def test_a_buffer_is_found_through_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    known = buffers({tmp_path / "link" / "prices.py": "# new\n"})
    assert known.read(folder / "prices.py").text == "# new\n"
    assert known.data(tmp_path / "link" / "prices.py") == b"# new\n"


def test_a_file_that_was_never_saved_is_refused(folder: Path) -> None:
    with pytest.raises(UnreadableFile, match="never saved"):
        buffers({folder / "new.py": PRICE}).read(folder / "new.py")


def test_the_path_of_a_buffer_must_be_absolute(folder: Path) -> None:
    with pytest.raises(ValueError, match="not absolute"):
        OptimizeRequest(target="prices.py::price", folder=folder, buffers={"prices.py": PRICE})


# The test files


def test_test_files_are_read_as_the_editor_shows_them(folder: Path) -> None:
    naming = "from prices import price\n\ndef test_price():\n    assert price(1) == 1\n"
    (folder / "test_prices.py").write_text(naming)
    (folder / "test_other.py").write_text("def test_nothing():\n    pass\n")
    known = buffers(
        {folder / "test_prices.py": "# gone\n", folder / "test_other.py": naming, folder / "test_x.py": naming}
    )
    located = locate(known.read(folder / "prices.py"), Target(path=folder / "prices.py", name="price"))
    found = {item.path.name: item.why for item in candidates(find_project(folder), located, known)}
    assert found == {
        "test_other.py": "imports prices and names price",
        "test_x.py": "imports prices and names price",
        "test_prices.py": "is called test_prices.py",
    }


def test_a_conftest_that_is_not_saved_yet_tells_of_the_function(folder: Path) -> None:
    (folder / "test_other.py").write_text("def test_price(priced):\n    assert priced == 1\n")
    known = buffers({folder / "conftest.py": "import prices\n\npriced = prices.price\n"})
    located = locate(known.read(folder / "prices.py"), Target(path=folder / "prices.py", name="price"))
    found = [item.why for item in candidates(find_project(folder), located, known)]
    assert found == ["its conftest.py imports prices"]


# The place


def placed(folder: Path, tmp_path: Path, texts: Mapping[Path, str]) -> tuple[Path, list[Event]]:
    request = OptimizeRequest(
        target="prices.py::price",
        folder=folder,
        tests=("prices.py",),
        buffers={str(path): text for path, text in texts.items()},
    )
    said: list[Event] = []
    return choose_place(request, find_subject(request, {}), (), tmp_path / "copies", said.append).root, said


def test_a_buffer_that_is_the_same_as_on_disk_costs_no_copy(folder: Path, tmp_path: Path) -> None:
    assert placed(folder, tmp_path, {folder / "prices.py": PRICE}) == (folder, [])
    assert not (tmp_path / "copies").exists()


def test_unsaved_texts_stand_in_a_copy_and_the_project_stays(folder: Path, tmp_path: Path) -> None:
    texts = {folder / "prices.py": "# mine\n" + PRICE, folder / "sub" / "test_new.py": "# new\n"}
    root, said = placed(folder, tmp_path, texts)
    assert (root / "prices.py").read_text() == "# mine\n" + PRICE
    assert (root / "sub" / "test_new.py").read_text() == "# new\n"
    assert said == []
    assert (folder / "prices.py").read_text() == PRICE
    assert not (folder / "sub").exists()


def test_an_unsaved_text_from_elsewhere_is_said_not_to_be_seen(folder: Path, tmp_path: Path) -> None:
    for place in (tmp_path / "other.py", folder / ".venv" / "lib.py"):
        root, said = placed(folder, tmp_path / place.stem, {place: "# theirs\n", folder / "prices.py": PRICE + "\n"})
        (notice,) = said
        assert isinstance(notice, Notice)
        assert str(place) in notice.message
        assert {path.name for path in root.iterdir()} == {"pytest.ini", "prices.py"}


def test_a_copy_never_reaches_through_a_link(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.py").write_text("# mine\n")
    (folder / "linked").symlink_to(outside)
    mirror = Mirror(folder, tmp_path / "scratch")
    assert not mirror.holds(folder / "linked" / "mine.py")
    with pytest.raises(Exception, match="outside of the folder"):
        mirror.write(folder / "linked" / "mine.py", b"# candidate\n")
    assert (outside / "mine.py").read_text() == "# mine\n"
