"""Runs that ask a model, beside the shortest time that they could take: what model and tests need by themselves.

The critical path of a run is the server's set time for each request that depends on the one before, and evaluation:
from the run's first event to its baseline, from each step's proposals to its verdicts, and the confirmation. The rest
is Secant's own: the start of the process, prompts, replies, journal, and for `mixed` the edits by rule.

    python -m benchmarks.model_runs [--limit ROUNDS] [--json FILE]
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import _support, roman
from benchmarks._support import Frozen, Table, median, number
from benchmarks.environment import plain_python
from benchmarks.machine_run import MachineRun, models, rounds_of_requests, run_machine, shares
from benchmarks.model_server import ModelServer, Script, serving
from secant.config import OptimizeRequest

SECONDS = 0.3
"""The model's."""
ROUNDS = 5
GOAL = 1.1
OPTIMIZERS = ("textgrad", "momentum", "hessiangrad", "sampling", "mixed")
DRAWS = 30
"""Samples that are not right before one is."""


class Row(Frozen):
    """One run; seconds."""

    optimizer: str
    outcome: str
    steps: int
    requests_in_a_row: int
    calls: int
    model: float
    """The set time of the requests in a row."""
    start: float
    proposing: float
    """Without the model's time."""
    preparation: float
    evaluating: float
    confirming: float
    ending: float
    seconds: float
    cpu_seconds: float
    engine_cpu_seconds: float

    @property
    def evaluation(self) -> float:
        return self.preparation + self.evaluating + self.confirming

    @property
    def path(self) -> float:
        return self.model + self.evaluation

    @property
    def times(self) -> float:
        return self.seconds / self.path

    @property
    def times_once_started(self) -> float:
        """Of the run from its first event on."""
        return (self.seconds - self.start) / self.path


def measure(server: ModelServer, optimizer: str, python: Path) -> Row:
    """One run in a project of its own: nothing is remembered from the one before."""
    texts = roman.draws(DRAWS) if optimizer == "sampling" else roman.ladder()
    session = server.session(Script(texts=tuple(texts), seconds=SECONDS))
    with tempfile.TemporaryDirectory() as folder:
        project = roman.write_project(Path(folder).resolve() / "project")
        request = OptimizeRequest(
            target=roman.TARGET, folder=project, python=str(python), optimizer=optimizer, models=models(session)
        )
        return row(optimizer, run_machine(request))


def row(optimizer: str, run: MachineRun) -> Row:
    spent, in_a_row = shares(run), rounds_of_requests(run.events)
    model = SECONDS * in_a_row
    return Row(
        optimizer=optimizer,
        outcome=run.finished.outcome,
        steps=max((getattr(event, "step", 0) for event in run.events), default=0),
        requests_in_a_row=in_a_row,
        calls=sum(usage.calls for usage in run.finished.usage.values()),
        model=model,
        start=spent.start,
        proposing=spent.proposing - model,
        preparation=spent.preparation,
        evaluating=spent.evaluating,
        confirming=spent.confirming,
        ending=spent.ending,
        seconds=run.seconds,
        cpu_seconds=run.cpu_seconds,
        engine_cpu_seconds=run.engine_cpu_seconds,
    )


def path_table(rows: Sequence[Row]) -> Table:
    lines: list[tuple[str, ...]] = []
    for optimizer, of in _by_optimizer(rows).items():
        figures = (
            _middle(of, lambda r: r.model, 1),
            _middle(of, lambda r: r.evaluation),
            _middle(of, lambda r: r.seconds),
            _middle(of, lambda r: r.times),
            _middle(of, lambda r: r.times_once_started),
            _middle(of, lambda r: r.engine_cpu_seconds),
            _middle(of, lambda r: r.cpu_seconds),
        )
        requests = f"{_middle(of, lambda r: r.requests_in_a_row, 0)} / {_middle(of, lambda r: r.calls, 0)}"
        lines.append((optimizer, requests, *figures))
    columns = (
        "optimizer",
        "requests in a row / calls",
        "model s",
        "evaluation s",
        "whole process s",
        "times critical path",
        "once started",
        "engine CPU s",
        "CPU s with workers",
    )
    title = f"Runs beside their critical path, the model's {1000 * SECONDS:g} ms a request (goal: {GOAL}x)"
    return Table(title=title, columns=columns, rows=tuple(lines))


def share_table(rows: Sequence[Row]) -> Table:
    phases: tuple[Callable[[Row], float], ...] = (
        lambda r: r.start,
        lambda r: r.proposing,
        lambda r: r.ending,
        lambda r: r.preparation,
        lambda r: r.evaluating,
        lambda r: r.confirming,
    )
    lines = tuple(
        (optimizer, *(_middle(of, lambda r, p=phase: 1000 * p(r), 0) for phase in phases))
        for optimizer, of in _by_optimizer(rows).items()
    )
    columns = ("optimizer", "start", "proposing", "ending", "preparation", "candidates", "confirmation")
    title = "Milliseconds of those runs beside the model's: Secant's own, then those of evaluation"
    return Table(title=title, columns=columns, rows=lines)


def _by_optimizer(rows: Sequence[Row]) -> dict[str, list[Row]]:
    return {name: [r for r in rows if r.optimizer == name] for name in dict.fromkeys(r.optimizer for r in rows)}


def _middle(rows: Sequence[Row], value: Callable[[Row], float], digits: int = 2) -> str:
    return number(median([value(row) for row in rows]), digits)


def main() -> None:
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    python = plain_python()
    rows: list[Row] = []
    with serving() as server:
        measure(server, OPTIMIZERS[0], python)  # the disk is warm after the first
        for _ in range(options.limit or ROUNDS):
            rows += [measure(server, optimizer, python) for optimizer in OPTIMIZERS]
    worst = max(median([r.times for r in of]) for of in _by_optimizer(rows).values())
    result = _support.figures(
        "model_runs",
        options,
        before,
        summary={"times critical path, worst optimizer": round(worst, 3), "goal": GOAL},
        tables=[path_table(rows), share_table(rows)],
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
