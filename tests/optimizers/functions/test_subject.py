"""The subject of a run: paths as the user gave them, and as pytest names them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from secant.config import OptimizeRequest
from secant.errors import TargetNotFound, UnreadableFile
from secant.functions.subject import Subject, find_subject

TOTAL = "    async def total(self, *, net=False):\n        return 0\n"


def subject(folder: Path, target: str) -> Subject:
    return find_subject(OptimizeRequest(target=target, folder=folder), os.environ)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "prøject one"
    (place / "src").mkdir(parents=True)
    (place / "pytest.ini").write_text("[pytest]\n")
    (place / "src" / "shop.py").write_text("class Basket:\n" + TOTAL)
    return place


def test_a_target_is_relative_to_the_folder_of_the_request(folder: Path) -> None:
    found = subject(folder / "src", "../src/shop.py::Basket.total")
    assert found.located.path == folder / "src" / "shop.py"
    assert found.root == folder


def test_a_link_is_kept_for_the_user_and_followed_for_pytest(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    found = subject(link, "src/shop.py:2")
    assert found.located.path == link / "src" / "shop.py"
    assert found.target == folder / "src" / "shop.py"
    assert found.root == folder


def test_what_was_found_is_told_whole(folder: Path) -> None:
    event = subject(folder, "src/shop.py::Basket.total").found()
    assert (event.name, event.first_line, event.last_line) == ("Basket.total", 2, 3)
    assert event.text == TOTAL
    assert event.description.startswith("method Basket.total(self, *, net=False), judged with ")


def test_what_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(TargetNotFound):
        subject(folder, "src/shop.py::Basket.sum")
    with pytest.raises(UnreadableFile):
        subject(folder, "src/shops.py::Basket.total")
