"""One prompt on 1,000 cases, 64 at a time, by Secant and by what others do it with: wall time, CPU, memory.

The model server answers each request after a set time, so the ideal is known: that time, once for each 64 cases. Every
way has a process of its own, and they take turns. dspy, gepa and litellm are of an environment of their own under
`build/`; where that cannot be made they are left out, and the table says why.

Memory is told again for 10,000 cases, which the server answers at once: what a case leaves behind does not depend on
how long it took.

    python -m benchmarks.prompt_evaluation [--limit ROUNDS] [--json FILE]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import _support
from benchmarks._support import ROOT, Frozen, Table, median, number
from benchmarks.evaluation_secant import request
from benchmarks.evaluation_task import ANSWER
from benchmarks.machine_run import cores, run_machine
from benchmarks.model_server import ModelServer, Script, serving

CASES, MANY = 1_000, 10_000
AT_ONCE = 64
SECONDS, BRIEF = 0.2, 0.02
ROUNDS = 3
PATIENCE = 600.0
GOAL = 1.25
VERSIONS: Mapping[str, str] = {"dspy": "3.4.1", "gepa": "0.1.4", "litellm": "1.110.2", "aiohttp": "3.14.5"}
OURS: Mapping[str, str] = {
    "secant": "Secant, an evaluation",
    "secant-gateway": "Secant, its gateway alone",
}
THEIRS: Mapping[str, str] = {
    "aiohttp": f"aiohttp {VERSIONS['aiohttp']} alone: the floor",
    "dspy": f"dspy.Evaluate {VERSIONS['dspy']}, its LM asked directly",
    "dspy-predict": f"dspy.Evaluate {VERSIONS['dspy']}, dspy.Predict",
    "gepa": f"gepa {VERSIONS['gepa']}, its DefaultAdapter",
    "litellm": f"litellm.acompletion {VERSIONS['litellm']}",
}
COMMAND = "secant eval, with its start"
WEIGHED = ("secant", "aiohttp", "dspy")
"""Whose memory is told for many cases too."""


class NotThere(Exception):  # noqa: N818 - an outcome
    """The others cannot be installed here; the message says why."""


class Row(Frozen):
    """One evaluation."""

    way: str
    cases: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    more_mb: float | None = None
    """Of that, what was not there before the first case."""
    passed: int


def others_python() -> Path:
    """The interpreter of the others' environment, made where it is not there yet. Raises NotThere."""
    name = "-".join([f"{sys.version_info.major}.{sys.version_info.minor}", *VERSIONS.values()])
    folder = ROOT / "build" / f"evaluation-{name}"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        venv.create(folder, clear=True, symlinks=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        wanted = [f"{package}=={version}" for package, version in VERSIONS.items()]
        done = subprocess.run([*install, *wanted], capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stderr.strip().splitlines() or [f"pip ended with {done.returncode}"]
            raise NotThere(said[-1])
        ready.touch()
    return python


class Measuring:
    """Starts one process after the other against one server."""

    def __init__(self, server: ModelServer, core: int, others: Path | None) -> None:
        self._server = server
        self._core = core
        self._others = others

    @property
    def ways(self) -> Sequence[str]:
        return (*OURS, *(THEIRS if self._others is not None else ()))

    def row(self, way: str, cases: int, seconds: float) -> Row:
        """One way. Raises RuntimeError where it ends badly, or does not answer every case."""
        session = self._server.session(Script(critique=ANSWER, seconds=seconds))
        arguments = [way, session.base_url, str(cases), str(AT_ONCE), str(self._core)]
        if way in OURS:
            command = [sys.executable, "-m", "benchmarks.evaluation_secant", *arguments]
        else:
            command = [str(self._others), str(Path(__file__).with_name("evaluation_task.py")), *arguments]
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=_environment(Path(folder)),
                capture_output=True,
                text=True,
                check=False,
                timeout=PATIENCE,
            )
        if done.returncode:
            raise RuntimeError(f"{way} ended with {done.returncode}: {done.stderr[-2000:]}")
        row = Row(way=way, cases=cases, **json.loads(done.stdout.splitlines()[-1]))
        received = len(session.received())
        if row.passed != cases or received != cases + 1:
            raise RuntimeError(f"{way}: {row.passed} of {cases} cases passed, with {received} requests")
        return row

    def command(self) -> Row:
        """`secant eval` as an editor starts it, from the start of its process to its end."""
        session = self._server.session(Script(critique=ANSWER, seconds=SECONDS))
        with tempfile.TemporaryDirectory() as folder:
            asked = request(Path(folder).resolve(), session.base_url, CASES, AT_ONCE)
            run = run_machine(asked, weigh=True)
        score = run.finished.score
        passed = round(CASES * score.before) if score is not None else 0
        if passed != CASES:
            raise RuntimeError(f"{passed} of {CASES} cases passed")
        return Row(
            way=COMMAND,
            cases=CASES,
            seconds=run.seconds,
            cpu_seconds=run.cpu_seconds,
            peak_mb=run.peak_mb,
            passed=passed,
        )


def _environment(folder: Path) -> dict[str, str]:
    """Nobody fetches a price list, and nobody writes outside the folder. An address in the environment would make dspy
    leave its own client for litellm's, which is slower.
    """
    left_out = ("PYTHONDONTWRITEBYTECODE", "OPENAI_BASE_URL", "OPENAI_API_BASE")
    inherited = {name: value for name, value in os.environ.items() if name not in left_out}
    return {
        **inherited,
        "OPENAI_API_KEY": "a-key-for-nobody",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "DSPY_CACHEDIR": str(folder / "dspy"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }


def measure(rounds: int, others: Path | None) -> list[Row]:
    """All ways in turn, then the memory of many cases, once."""
    rows: list[Row] = []
    ours, theirs = cores()
    with serving(theirs) as server:
        measuring = Measuring(server, ours, others)
        for _ in range(rounds):
            rows += [measuring.row(way, CASES, SECONDS) for way in measuring.ways]
            rows.append(measuring.command())
        rows += [measuring.row(way, MANY, BRIEF) for way in WEIGHED if way in measuring.ways]
    return rows


def ideal(cases: int, seconds: float) -> float:
    return seconds * cases / AT_ONCE


def of_time(rows: Sequence[Row], missing: str) -> Table:
    names = {**OURS, COMMAND: COMMAND, **THEIRS}
    best = ideal(CASES, SECONDS)
    lines: list[tuple[str, ...]] = [("ideal", number(best, 2), number(1.0, 2), "", "")]
    found = {way: [r for r in rows if (r.way, r.cases) == (way, CASES)] for way in names}
    for way, of in sorted(found.items(), key=lambda item: median([r.seconds for r in item[1]])):
        if of:
            seconds = median([r.seconds for r in of])
            lines.append(
                (
                    names[way],
                    number(seconds, 2),
                    number(seconds / best, 2),
                    number(median([r.cpu_seconds for r in of]), 2),
                    number(median([r.peak_mb for r in of]), 0),
                )
            )
    if missing:
        lines.append((f"the others: left out ({missing})", *("-",) * 4))
    columns = ("way", "seconds", "times the ideal", "CPU s", "peak MB")
    title = f"{CASES:,} cases, {AT_ONCE} at a time, the model's {1000 * SECONDS:g} ms each (goal: {GOAL:g}x the ideal)"
    return Table(title=title, columns=columns, rows=tuple(lines))


def of_memory(rows: Sequence[Row]) -> Table:
    names = {**OURS, **THEIRS}
    lines: list[tuple[str, ...]] = []
    for way in WEIGHED:
        few = [r.more_mb for r in rows if (r.way, r.cases) == (way, CASES) and r.more_mb is not None]
        many = [r.more_mb for r in rows if (r.way, r.cases) == (way, MANY) and r.more_mb is not None]
        if few and many:
            a_case = 1024 * (median(many) - median(few)) / (MANY - CASES)
            lines.append((names[way], number(median(few), 0), number(median(many), 0), number(a_case, 1)))
    columns = ("way", f"MB more for {CASES:,} cases", f"MB more for {MANY:,}", "KB a case between")
    return Table(title="Memory that the cases take, answers and scores included", columns=columns, rows=tuple(lines))


def main() -> None:
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    others, missing = None, ""
    try:
        others = others_python()
    except NotThere as reason:
        missing = _support.without_places(str(reason))
    rows = measure(options.limit or ROUNDS, others)
    times = of_time(rows, missing)
    result = _support.figures(
        "prompt_evaluation",
        options,
        before,
        summary={line[0]: line[2] for line in times.rows} | {"goal": GOAL},
        tables=[times, of_memory(rows)],
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
