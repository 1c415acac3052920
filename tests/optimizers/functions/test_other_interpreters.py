"""The worker in other Pythons: a handful of shapes, each against a plain pytest of the same Python.

In every `python3.9` to `python3.14` on PATH that has pytest, and in those that the environment variable
SECANT_TEST_PYTHONS names (separated as in PATH). The Python that runs these tests has one shape here, as a check of
this file: `test_conformance` gives it all of them.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.optimizers.functions.preloaded import Preloaded
from tests.optimizers.functions.shapes import SHAPES, Bench, environment, kind, read_shape

NAMES = (
    *("async_generator", "doctest_modules", "exception_group", "fixture_scopes", "import_time_constant"),
    *("introspection", "nested_function", "super_call", "test_in_same_file", "unittest_testcase", "walrus"),
)
TELL = "import importlib.util, sys; print(*sys.version_info[:2]) if importlib.util.find_spec('pytest') else sys.exit(1)"


class Interpreter(NamedTuple):
    path: Path
    version: tuple[int, ...]


def interpreters() -> list[Interpreter]:
    """The running one, and those of other versions."""
    named = os.environ.get("SECANT_TEST_PYTHONS", "").split(os.pathsep)
    found = (shutil.which(f"python3.{minor}") for minor in range(9, 15))
    asked = map(asked_for_version, (*filter(None, named), *filter(None, found)))
    running = Interpreter(Path(sys.executable), sys.version_info[:2])
    by_version = {each.version: each for each in reversed([running, *filter(None, asked)])}
    return [by_version[version] for version in sorted(by_version)]


def asked_for_version(path: str) -> Interpreter | None:
    """None for one without pytest."""
    done = subprocess.run([path, "-c", TELL], capture_output=True, text=True, check=False)
    return Interpreter(Path(path), tuple(map(int, done.stdout.split()))) if done.returncode == 0 else None


def pairs() -> Iterator[object]:
    """The shapes that each of them can parse."""
    for interpreter in interpreters():
        names = NAMES[:1] if interpreter.version == sys.version_info[:2] else NAMES
        for name in names:
            if interpreter.version >= read_shape(SHAPES / name).python:
                yield pytest.param(interpreter, name, id=f"{interpreter.version[0]}.{interpreter.version[1]}-{name}")


@pytest.fixture(scope="module")
def hosts() -> Iterator[Callable[[Path], Preloaded]]:
    """The host of an interpreter, started when first asked for."""
    with ExitStack() as stack:
        yield cache(lambda path: stack.enter_context(closing(Preloaded(path))))


@pytest.mark.parametrize(("interpreter", "name"), list(pairs()))
def test_the_worker_agrees_with_a_plain_pytest(
    name: str, interpreter: Interpreter, hosts: Callable[[Path], Preloaded], tmp_path: Path
) -> None:
    shape, preloaded = read_shape(SHAPES / name), hosts(interpreter.path)
    bench = Bench(shape, shape.copy(tmp_path / "project"), tmp_path / "scratch", interpreter.path)
    try:
        assert bench.collected.python[:2] == interpreter.version
        for candidate in shape.files:
            folder = shape.copy(tmp_path / candidate / "project")
            shape.write(folder, candidate)
            cold = preloaded.plain(folder, environment(shape))
            warm = bench.verdicts(shape.text(candidate))
            expected = {test.id: kind(cold.get(test.id)) for test in bench.suite.tests}
            assert {test.id: kind(warm.get(test.id)) for test in bench.suite.tests} == expected, candidate
    finally:
        bench.close()
