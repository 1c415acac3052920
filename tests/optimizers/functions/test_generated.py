"""Calls made up from annotations: what is drawn, the file that makes them, and what is refused."""

from __future__ import annotations

import ast
import os
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from secant.config import OptimizeRequest
from secant.errors import BadRequest
from secant.functions import generated
from secant.functions.drawing import HypothesisMissing
from secant.functions.subject import find_subject


def written(folder: Path, definition: str, name: str = "f", file: str = "made_up_target.py") -> Path:
    """The test file for a function of a project in `folder`."""
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(definition)
    (folder / "pytest.ini").write_text("[pytest]\n")
    subject = find_subject(OptimizeRequest(target=f"{file}::{name}", folder=folder), os.environ)
    return generated.write_tests(folder, target, subject.located, subject.project)


def calls(folder: Path, signature: str) -> list[tuple[Any, ...]]:
    tree = ast.parse(written(folder, f"def f({signature}):\n    return 0\n").read_text())
    (assigned,) = [node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "CALLS"]
    return ast.literal_eval(assigned)


@pytest.mark.parametrize(
    ("annotation", "kinds"),
    [
        ("int", {int}),
        ("float", {float}),
        ("str", {str}),
        ("bool", {bool}),
        ("bytes", {bytes}),
        ("None", {type(None)}),
        ("'int'", {int}),
        ("int | None", {int, type(None)}),
        ("Optional[str]", {str, type(None)}),
        ("typing.Union[int, str]", {int, str}),
        ("list[int]", {list}),
        ("typing.Sequence[str]", {list}),
        ("set[int]", {set}),
        ("dict[str, int]", {dict}),
        ("tuple[int, str]", {tuple}),
        ("tuple[int, ...]", {tuple}),
        ("list[tuple[str, float]]", {list}),
    ],
)
def test_values_have_the_type_of_the_annotation(tmp_path: Path, annotation: str, kinds: set[type]) -> None:
    assert {type(value) for (value,) in calls(tmp_path, f"x: {annotation}")} == kinds


def test_items_have_the_type_of_theirs(tmp_path: Path) -> None:
    records = [record for (records,) in calls(tmp_path, "x: list[tuple[str, int]]") for record in records]
    assert records
    assert all(isinstance(name, str) and isinstance(number, int) for name, number in records)


def test_only_what_a_call_must_give_is_made_up(tmp_path: Path) -> None:
    drawn = calls(tmp_path, "a: int, b: str, /, c=3, *rest, d=None, **more")
    assert {len(call) for call in drawn} == {2}
    assert len(drawn) > 10
    assert calls(tmp_path, "") == [()]


@pytest.mark.parametrize(
    ("annotation", "why"),
    [
        ("x", "its parameter x has no annotation"),
        ("x: Basket", "the annotation of x is not made of built-in types"),
        ("x: list[Basket]", "the annotation of x"),
        ("x: 'not an annotation'", "the annotation of x"),
        ("x: list[()]", "the annotation of x"),
        ("x: dict[str]", "the annotation of x"),
        ("x: Literal['a']", "the annotation of x"),
        ("*, x: int", "keyword-only parameters"),
    ],
)
def test_what_cannot_be_made_up_is_refused_with_the_reason(tmp_path: Path, annotation: str, why: str) -> None:
    with pytest.raises(BadRequest, match=why) as caught:
        calls(tmp_path, annotation)
    assert "--tests PATH_OR_NODEID" in caught.value.hint


@pytest.mark.parametrize(
    ("definition", "name", "why"),
    [
        ("class A:\n    def f(self, x: int):\n        return x\n", "A.f", "it is a method"),
        ("def g():\n    def f(x: int):\n        return x\n    return f\n", "g.f", "inside another function"),
        ("async def f(x: int):\n    return x\n", "f", "awaited or iterated"),
        ("def f(x: int):\n    yield x\n", "f", "awaited or iterated"),
    ],
)
def test_what_cannot_be_called_alone_is_refused(tmp_path: Path, definition: str, name: str, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        written(tmp_path, definition, name)


def test_without_hypothesis_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise HypothesisMissing

    monkeypatch.setattr(generated, "require_hypothesis", missing)
    with pytest.raises(BadRequest, match="needs hypothesis") as caught:
        calls(tmp_path, "x: int")
    assert "pip install" in caught.value.hint


@pytest.mark.parametrize("file", ["made_up_target.py", "made_up_package/inner.py", "made_up_package/__init__.py"])
def test_the_file_calls_the_function_and_asserts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    if "/" in file:
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).with_name("__init__.py").write_text("")
    seen = (
        "SEEN = []\nclass A:\n    @staticmethod\n    def f(x: int):\n        SEEN.append(x)\n        raise ValueError\n"
    )
    path = written(tmp_path, seen, "A.f", file)
    monkeypatch.setattr(sys, "path", list(sys.path))
    names = runpy.run_path(str(path))
    for number in range(len(names["CALLS"])):
        names["test_generated"](number)
    assert [call[0] for call in names["CALLS"]] == names["MODULE"].SEEN
    for name in [name for name in sys.modules if name.startswith("made_up")]:
        del sys.modules[name]


def test_only_the_word_alone_asks_for_made_up_calls() -> None:
    requests = [OptimizeRequest(target="a.py::f", folder=Path(), tests=tests) for tests in ((), ("generated",), ("t",))]
    assert [generated.asked_for(request) for request in requests] == [False, True, False]
