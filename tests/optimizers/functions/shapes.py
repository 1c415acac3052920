"""The shapes of the zoo, and their verdicts by the product's own path."""

import os
import shutil
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from secant.functions.baseline import Baseline
from secant.functions.cold import ColdRunner
from secant.functions.judge import Judge
from secant.functions.launching import Launcher
from secant.functions.locate import LocatedFunction, locate
from secant.functions.project import find_project
from secant.functions.suite import OK_OUTCOMES
from secant.functions.target import parse_target
from secant.functions.testfiles import candidates
from secant.functions.textfile import read_text_file
from secant.functions.unit import Unit
from secant.functions.workers import Workers
from secant.functions.writeback import replaced
from tests.optimizers.functions.preloaded import Verdicts

SHAPES = Path(__file__).parents[2] / "zoo" / "shapes"
SECONDS = 20.0
NO_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


class Shape(NamedTuple):
    """One folder of the zoo."""

    name: str
    target: str
    needs: tuple[str, ...]
    python: tuple[int, ...]
    files: Mapping[str, str]
    """Candidates: file by name."""
    tests: tuple[str, ...]
    """Where a user would have to name them."""

    def text(self, candidate: str) -> str:
        return (SHAPES / self.name / self.files[candidate]).read_text("utf-8")

    def copy(self, place: Path) -> Path:
        """A copy of the project alone, as a user would have it."""
        own = {"shape.toml", "__pycache__", *self.files.values()}
        return Path(shutil.copytree(SHAPES / self.name, place, ignore=lambda _, names: own.intersection(names)))

    def write(self, folder: Path, candidate: str) -> None:
        """Put a candidate into its file below `folder`."""
        located = locate_target(self, folder)
        lines = self.text(candidate).removesuffix("\n").split("\n")
        located.path.write_bytes(located.file.spliced(located.first_line, located.last_line, lines))


def locate_target(shape: Shape, folder: Path) -> LocatedFunction:
    target = parse_target(shape.target)
    path = folder / target.path
    return locate(read_text_file(path), target.model_copy(update={"path": path}))


def shapes() -> list[Shape]:
    return [read_shape(path.parent) for path in sorted(SHAPES.glob("*/shape.toml"))]


def read_shape(folder: Path) -> Shape:
    settings = tomllib.loads((folder / "shape.toml").read_text("utf-8"))
    return Shape(
        name=folder.name,
        target=settings["target"],
        needs=tuple(settings["needs"]),
        python=tuple(int(part) for part in settings.get("python", "3.9").split(".")),
        files=settings["candidates"],
        tests=tuple(settings.get("tests", ())),
    )


class Bench:
    """One shape as the product sees it: located, its tests found, a baseline made, candidates run by its path."""

    def __init__(
        self,
        shape: Shape,
        folder: Path,
        scratch: Path,
        interpreter: Path | None = None,
        *,
        test_seconds: float = SECONDS,
    ) -> None:
        scratch.mkdir(exist_ok=True)
        self.located = locate_target(shape, folder)
        path = self.located.path
        project = find_project(path)
        self.root = project.root
        found = [file.path for file in candidates(project, self.located)]
        arguments = [str(path) for path in ([folder / test for test in shape.tests] or found)]
        launcher = Launcher(interpreter or Path(sys.executable), scratch, base_environment=environment(shape))
        self.unit = Unit(self.located)
        self.workers = Workers(launcher, project.root, self.unit, arguments, lambda: None)
        self.collected = self.workers.collect()
        self.cold = ColdRunner(project.root, path, arguments, self.collected.import_path, launcher.cold, lambda: None)
        baseline = Baseline(self.workers, self.cold, self.unit, self.collected, test_seconds=test_seconds)
        self.suite = baseline.suite()
        self.judge = Judge(
            self.suite,
            self.unit,
            workers=self.workers,
            cold=self.cold,
            file_bytes=lambda text: replaced(self.located, text),
        )

    @property
    def known(self) -> set[str]:
        """Every test that judges or looks on; the zoo has none to leave out."""
        return {test.id for test in (*self.suite.tests, *self.suite.onlookers)}

    def verdicts(self, text: str) -> Verdicts:
        """Outcomes of every judging test on a candidate, by the path that the product takes."""
        record = self.judge.run(text, [test.id for test in self.suite.tests], stop=False)
        return {result["id"]: result["outcome"] for result in record["results"]}

    def close(self) -> None:
        self.workers.close()


def bench_of(place: Path, target: str, files: Mapping[str, str], *, test_seconds: float = SECONDS) -> Bench:
    """A bench on a project made of these files below `place`."""
    folder = place / "project"
    settings = {} if (folder / "pyproject.toml").exists() else {"pytest.ini": "[pytest]\n"}
    for name, text in {**settings, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Bench(Shape("", target, (), (3, 9), {}, ()), folder, place / "scratch", test_seconds=test_seconds)


def environment(shape: Shape) -> Mapping[str, str]:
    """A person's own, with the installed plug-ins only where the shape needs them: they cost time."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return own if shape.needs else {**own, **NO_PLUGINS}


def kind(outcome: str | None) -> str:
    """What matters of an outcome: a failure, an error in set-up and a test that is gone all say no."""
    return "ok" if outcome in OK_OUTCOMES else "skipped" if outcome == "skipped" else "not ok"
