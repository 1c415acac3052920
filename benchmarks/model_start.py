"""How soon a run asks its model: from the start of the process to the first request that arrives at the server.

The engine is started as an editor starts it; a run without a model is beside it, and two bare programs
that do nothing but ask. Whether litellm was loaded is read off Python's own list of imports, in a run of its own.

    python -m benchmarks.model_start [--limit ROUNDS] [--json FILE]
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import _support, roman
from benchmarks._support import ROOT, Frozen, Table, median, number
from benchmarks.environment import plain_python
from benchmarks.machine_run import KEY_VARIABLE, MachineRun, models, run_machine
from benchmarks.model_server import ModelServer, Script, Session, serving
from secant.config import OptimizeRequest
from secant.events import Baseline

ROUNDS = 3
ENGINES = {
    "without a model": "",
    "openai/, the short way": "openai/scripted",
    "deepseek/, by litellm": "deepseek/scripted",
}
BARE = {
    "litellm alone": (
        "import litellm\n"
        "litellm.completion(model='deepseek/scripted', api_base={url!r}, api_key='none', "
        "messages=[{{'role': 'user', 'content': 'hello'}}])\n"
    ),
    "aiohttp alone": (
        "import aiohttp, asyncio\n"
        "async def ask():\n"
        "    async with aiohttp.ClientSession() as session:\n"
        "        body = {{'model': 'scripted', 'messages': [{{'role': 'user', 'content': 'hello'}}]}}\n"
        "        async with session.post({url!r} + '/chat/completions', json=body) as response:\n"
        "            await response.read()\n"
        "asyncio.run(ask())\n"
    ),
}
LITELLM = re.compile(r"^import time:.*\|\s+litellm(\.|$)", re.MULTILINE)


class Row(Frozen):
    """One start; seconds from the start of the process, nan for what does not happen in it."""

    way: str
    first_event: float = float("nan")
    baseline: float = float("nan")
    request: float = float("nan")
    """Until the first request was at the server."""
    cpu_seconds: float
    """Of the whole process, to its end, without what it started."""


def asked(server: ModelServer, model: str, python: Path, *options: str) -> tuple[MachineRun, Session]:
    """A run that is over as soon as its model has answered twice."""
    session = server.session(Script(texts=(roman.RIGHT,)))
    with tempfile.TemporaryDirectory() as folder:
        project = roman.write_project(Path(folder).resolve() / "project")
        how = {"optimizer": "textgrad", "models": models(session, model)} if model else {"optimizer": "rewrite"}
        request = OptimizeRequest.model_validate(
            {"target": roman.TARGET, "folder": project, "python": str(python), "max_evaluations": 50, **how}
        )
        return run_machine(request, options), session


def engine(server: ModelServer, way: str, python: Path) -> Row:
    behind = time.time() - time.monotonic()
    run, session = asked(server, ENGINES[way], python)
    baseline = next(event.time for event in run.events if isinstance(event, Baseline))
    arrivals = [received.arrived + behind - run.began for received in session.received()]
    return Row(
        way=way,
        first_event=run.events[0].time - run.began,
        baseline=baseline - run.began,
        request=min(arrivals, default=float("nan")),
        cpu_seconds=run.engine_cpu_seconds,
    )


def bare(server: ModelServer, way: str) -> Row:
    session = server.session(Script())
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        [sys.executable, "-c", BARE[way].format(url=session.base_url)],
        cwd=ROOT,
        env={**environment, KEY_VARIABLE: "none", "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Row(way=way, request=session.received()[0].arrived - began, cpu_seconds=cpu)


def loads_litellm(server: ModelServer, way: str, python: Path) -> bool:
    run, _ = asked(server, ENGINES[way], python, "-X", "importtime")
    assert run.finished
    return LITELLM.search(run.complaint) is not None


def table(rows: Sequence[Row], loaded: dict[str, bool]) -> Table:
    lines: list[tuple[str, ...]] = []
    for way in dict.fromkeys(row.way for row in rows):
        of = [row for row in rows if row.way == way]
        figures = zip(*((r.first_event, r.baseline, r.request, r.cpu_seconds) for r in of), strict=True)
        says = {True: "yes", False: "no"}[loaded[way]] if way in loaded else ""
        lines.append((way, *(number(median(seconds), 2) for seconds in figures), says))
    columns = ("process", "first event s", "baseline s", "first request s", "its CPU s", "litellm loaded")
    return Table(
        title="From the start of the process (goal: no litellm without a model)", columns=columns, rows=tuple(lines)
    )


def main() -> None:
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    python = plain_python()
    rows: list[Row] = []
    with serving() as server:
        loaded = {way: loads_litellm(server, way, python) for way in ENGINES}  # warms the disk as well
        for _ in range(options.limit or ROUNDS):
            rows += [engine(server, way, python) for way in ENGINES]
            rows += [bare(server, way) for way in BARE]
    made = table(rows, loaded)
    result = _support.figures(
        "model_start",
        options,
        before,
        summary={"litellm is loaded": loaded},
        tables=[made],
        rows=[{k: v for k, v in row.model_dump(mode="json").items() if v == v} for row in rows],  # noqa: PLR0124 - nan
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
