"""The same scripted task by Secant's `textgrad` and by the package textgrad: calls, tokens, seconds, CPU.

The model server gives both the same versions in the same order, so this says nothing about which of them finds better
ones: it is about what a step costs. textgrad is no dependency; it gets an environment of its own under `build/`, and
where that cannot be made the comparison is left out and says why.

    python -m benchmarks.textgrad_comparison [--limit ROUNDS] [--json FILE]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import _support, roman
from benchmarks._support import ROOT, Frozen, Table, median, number
from benchmarks.environment import plain_python
from benchmarks.machine_run import models, run_machine
from benchmarks.model_server import ModelServer, Script, Session, serving
from benchmarks.watch import Watch
from secant.config import OptimizeRequest

TEXTGRAD = "0.1.8"
SECONDS = 0.3
ROUNDS = 3
PATIENCE = 120.0
SECANT = "Secant, textgrad"
MANNERS: Mapping[str, str] = {
    f"textgrad {TEXTGRAD}, tests as the loss": "tests",
    f"textgrad {TEXTGRAD}, a model as the loss": "model",
}


class NotThere(Exception):  # noqa: N818 - an outcome
    """textgrad cannot be installed here; the message says why."""


class Row(Frozen):
    """One run of the task, from the start of the process to its end."""

    way: str
    passed: bool
    steps: int
    calls: int
    prompt_tokens: int
    completion_tokens: int
    start: float
    """Seconds until the first line of work: everything is imported."""
    seconds: float
    cpu_seconds: float


def textgrad_python() -> Path:
    """The interpreter of textgrad's environment, made where it is not there yet. Raises NotThere."""
    folder = ROOT / "build" / f"textgrad-{TEXTGRAD}-{sys.version_info.major}.{sys.version_info.minor}"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        venv.create(folder, clear=True, symlinks=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*install, f"textgrad=={TEXTGRAD}"], capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stderr.strip().splitlines() or [f"pip ended with {done.returncode}"]
            raise NotThere(said[-1])
        ready.touch()
    return python


def by_secant(server: ModelServer, python: Path) -> Row:
    session = server.session(Script(texts=tuple(roman.ladder()), seconds=SECONDS))
    with tempfile.TemporaryDirectory() as folder:
        project = roman.write_project(Path(folder).resolve() / "project")
        run = run_machine(
            OptimizeRequest(
                target=roman.TARGET, folder=project, python=str(python), optimizer="textgrad", models=models(session)
            )
        )
    steps = max((getattr(event, "step", 0) for event in run.events), default=0)
    passed = run.finished.outcome == "improved"
    return _row(SECANT, session, passed, steps, run.events[0].time - run.began, run.seconds, run.cpu_seconds)


def by_textgrad(server: ModelServer, way: str, interpreter: Path, python: Path) -> Row:
    session = server.session(Script(texts=tuple(roman.ladder()), seconds=SECONDS))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        project = roman.write_project(place / "project")
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment |= {
            "OPENAI_BASE_URL": session.base_url,
            "OPENAI_API_KEY": "a-key-for-nobody",
            "XDG_CACHE_HOME": str(place / "cache"),
            "TEXTGRAD_LOG_DIR": str(place / "logs"),
        }
        script = str(Path(__file__).with_name("textgrad_task.py"))
        with (place / "errors").open("w+") as errors:
            began = time.time()
            process = subprocess.Popen(
                [str(interpreter), script, MANNERS[way], str(project), str(python)],
                cwd=place,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
            watch = Watch(process.pid, weigh=False)
            watch.until_end(PATIENCE)
            seconds = time.time() - began
            said, _ = process.communicate()
            if process.returncode:
                errors.seek(0)
                raise RuntimeError(f"{way} ended with {process.returncode}: {errors.read()[-2000:]}")
    told = json.loads(said.splitlines()[-1])
    start = told["imported"] - began
    return _row(way, session, told["passed"], told["steps"], start, seconds, watch.cpu_seconds)


def _row(way: str, session: Session, passed: bool, steps: int, start: float, seconds: float, cpu: float) -> Row:
    received = session.received()
    if not passed:
        raise RuntimeError(f"{way} did not come to the right version in {steps} steps")
    return Row(
        way=way,
        passed=passed,
        steps=steps,
        calls=len(received),
        prompt_tokens=sum(one.prompt_tokens for one in received),
        completion_tokens=sum(one.completion_tokens for one in received),
        start=start,
        seconds=seconds,
        cpu_seconds=cpu,
    )


def table(rows: Sequence[Row], missing: str) -> Table:
    lines: list[tuple[str, ...]] = []
    for way in dict.fromkeys(row.way for row in rows):
        of = [row for row in rows if row.way == way]
        calls = median([r.calls for r in of])
        lines.append(
            (
                way,
                number(median([r.steps for r in of]), 0),
                number(calls, 0),
                number(median([r.prompt_tokens for r in of]), 0),
                number(median([r.completion_tokens for r in of]), 0),
                number(median([r.seconds for r in of]), 2),
                number(median([r.start for r in of]), 2),
                number(median([r.seconds for r in of]) - SECONDS * calls, 2),
                number(median([r.cpu_seconds for r in of]), 2),
            )
        )
    if missing:
        lines.append((f"textgrad {TEXTGRAD}: left out ({missing})", *("-",) * 8))
    columns = (
        "way",
        "steps",
        "calls",
        "prompt tokens",
        "answer tokens",
        "seconds",
        "of them start",
        "without the model's",
        "CPU s",
    )
    title = f"One task, the same six versions, {1000 * SECONDS:g} ms a request"
    return Table(title=title, columns=columns, rows=tuple(lines))


def main() -> None:
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    python = plain_python()
    interpreter, missing = None, ""
    try:
        interpreter = textgrad_python()
    except NotThere as reason:
        missing = _support.without_places(str(reason))
    rows: list[Row] = []
    with serving() as server:
        for number_ in range((options.limit or ROUNDS) + 1):
            found = [by_secant(server, python)]
            if interpreter is not None:
                found += [by_textgrad(server, way, interpreter, python) for way in MANNERS]
            rows += found if number_ else []  # the first round warms the disk
    result = _support.figures(
        "textgrad_comparison",
        options,
        before,
        summary={"textgrad": missing or TEXTGRAD},
        tables=[table(rows, missing)],
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
