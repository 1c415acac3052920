"""The overlay: every way to import one file leads to the text in memory, and nothing else is touched."""

import importlib
import inspect
import linecache
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from secant.functions.worker.overlay import Overlay, spliced


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """On the import path; what is imported from it, and every finder put there, is forgotten again."""
    modules = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield tmp_path
    for name in set(sys.modules) - modules:
        del sys.modules[name]


def write(path: Path, text: str = "VALUE = 'on disk'\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_an_import_gets_the_text_in_memory(folder: Path) -> None:
    overlay = Overlay(str(write(folder / "shadowed.py")), "VALUE = 'in memory'\n", names={"PROBE": 7})
    overlay.install()
    module = importlib.import_module("shadowed")
    assert (module.VALUE, module.PROBE) == ("in memory", 7)
    assert overlay.loaded == [module]
    assert module.__file__ == str(folder / "shadowed.py")
    assert not (folder / "__pycache__").exists()


@pytest.mark.parametrize("name", ["shop", "shop.pricing"])
def test_packages_and_their_modules(folder: Path, name: str) -> None:
    files = {"shop": write(folder / "shop" / "__init__.py"), "shop.pricing": write(folder / "shop" / "pricing.py")}
    Overlay(str(files[name]), "VALUE = 'in memory'\n").install()
    found = {each: importlib.import_module(each).VALUE for each in files}
    assert found == {each: "in memory" if each == name else "on disk" for each in files}


def test_another_file_of_the_same_name_is_not_meant(folder: Path) -> None:
    write(folder / "one" / "shadowed.py")
    write(folder / "shadowed.py")
    Overlay(str(folder / "one" / "shadowed.py"), "VALUE = 'in memory'\n").install()
    assert importlib.import_module("shadowed").VALUE == "on disk"


def test_a_link_leads_to_the_same_file(folder: Path) -> None:
    real = write(folder / "real" / "shadowed.py")
    (folder / "shadowed.py").symlink_to(real)
    Overlay(str(folder / "shadowed.py"), "VALUE = 'in memory'\n").install()
    assert importlib.import_module("shadowed").VALUE == "in memory"


def test_a_reload_gets_the_text_of_the_day(folder: Path) -> None:
    overlay = Overlay(str(write(folder / "shadowed.py")), "VALUE = 1\n")
    overlay.install()
    module = importlib.import_module("shadowed")
    overlay.replace("VALUE = 2\n")
    assert importlib.reload(module).VALUE == 2


def test_source_and_tracebacks_show_the_text(folder: Path) -> None:
    text = "def fail():\n    # only in memory\n    return 1 / 0\n"
    overlay = Overlay(str(write(folder / "shadowed.py")), text)
    overlay.install()
    module = importlib.import_module("shadowed")
    assert inspect.getsource(module.fail) == text
    with pytest.raises(ZeroDivisionError) as error:
        module.fail()
    assert traceback.extract_tb(error.value.__traceback__)[-1].line == "return 1 / 0"
    linecache.cache.pop(overlay.path)


def test_a_transform_sees_the_tree(folder: Path) -> None:
    seen: list[int] = []
    overlay = Overlay(str(write(folder / "shadowed.py")), "A = 1\nB = 2\n", lambda tree: seen.append(len(tree.body)))
    overlay.install()
    importlib.import_module("shadowed")
    assert seen == [2]


def test_it_goes_first_and_stands_there_once(folder: Path) -> None:
    overlay = Overlay(str(write(folder / "shadowed.py")), "")
    overlay.install()
    sys.meta_path.insert(0, type("Finder", (), {}))
    overlay.install()
    assert sys.meta_path[0] is overlay
    assert sys.meta_path.count(overlay) == 1


@pytest.mark.parametrize(
    ("first", "last", "text", "expected"),
    [(1, 1, "x\n", "x\nb\nc\n"), (2, 3, "x\ny\nz\n", "a\nx\ny\nz\n"), (3, 3, "x", "a\nb\nx\n")],
)
def test_splicing(first: int, last: int, text: str, expected: str) -> None:
    assert spliced("a\nb\nc\n", first, last, text) == expected
