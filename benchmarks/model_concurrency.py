"""Eight proposals at once beside one: steps of the sampling optimizer over the real gateway, evaluated by nobody.

Some servers give as many texts as a request wants (`n`), others give one whatever is asked for. The first step is told
apart, because only then is it known which kind a server is.

    python -m benchmarks.model_concurrency [--limit ROUNDS] [--json FILE]
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import _support, roman
from benchmarks._support import Frozen, Table, median, number
from benchmarks.engine_overhead import Instantly
from benchmarks.machine_run import cores, models
from benchmarks.model_server import ModelServer, Script, serving
from secant.budget import Budget
from secant.driver import Driver, Stopping
from secant.events import Event, ModelCalled, Proposed, Updated
from secant.journal import Recorder, RunStore, new_run_id
from secant.models.cache import ResponseCache
from secant.models.gateway import Gateway
from secant.models.providers import Providers
from secant.optimizers.sampling import SamplingOptimizer
from secant.optimizers.spec import OptimizerSpec, default
from secant.types import Artifact, Part, Task

SECONDS = 0.3
ROUNDS, STEPS = 7, 4
WIDTH = 8
GOAL = 1.3
SERVERS: Mapping[str, bool] = {"all texts in one answer": False, "one text an answer": True}
"""What a server does, and whether it gives one text whatever is asked for."""


class Row(Frozen):
    """One step; seconds."""

    server: str
    width: int
    step: int
    seconds: float


class Steps:
    """Hears of a run and keeps how long each step took to propose, from the end of the step before."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.calls = 0
        self._since = 0.0

    def __call__(self, event: Event) -> None:
        match event:
            case Updated():
                self._since = event.time
            case Proposed():
                self.seconds.append(event.time - self._since)
            case ModelCalled():
                self.calls += sum(1 for _ in event.call.texts)
            case _:
                pass


def measure(server: ModelServer, name: str, width: int) -> list[Row]:
    """One run of a few steps, with journal and cache in a folder of its own."""
    session = server.session(Script(texts=tuple(roman.draws(60)), seconds=SECONDS, single=SERVERS[name]))
    spec = default("sampling", OptimizerSpec)
    spec = spec.model_copy(update={"knobs": spec.knobs.model_copy(update={"width": width})})
    heard = Steps()
    with tempfile.TemporaryDirectory() as folder:
        run, store = new_run_id(), RunStore(Path(folder))
        recorder = Recorder(run, store.create(run), [heard])
        budget = Budget()
        gateway = Gateway(
            models(session).levels,
            Providers(os.environ),
            budget=budget,
            record=lambda call: recorder.record(ModelCalled(call=call)),
            cache=ResponseCache(Path(folder) / "answers.sqlite3"),
            seed=0,
            environ={},
        )
        with gateway:
            Driver(
                SamplingOptimizer(spec),
                Instantly(),
                Task(kind="function", goal="fix"),
                Artifact(parts=(Part(name="to_roman", text=roman.WRONG),)),
                recorder=recorder,
                budget=budget,
                lm=gateway,
                stopping=Stopping(steps=STEPS),
            ).run()
        recorder.close()
    if heard.calls != width * STEPS:
        raise RuntimeError(f"{width} texts were wanted in each of {STEPS} steps, and {heard.calls} came")
    return [Row(server=name, width=width, step=n, seconds=s) for n, s in enumerate(heard.seconds, 1)]


def table(rows: Sequence[Row]) -> Table:
    lines: list[tuple[str, ...]] = []
    for name in SERVERS:
        for when, first in (("first", True), ("later", False)):
            one, many = (
                median([r.seconds for r in rows if (r.server, r.width, r.step == 1) == (name, width, first)])
                for width in (1, WIDTH)
            )
            lines.append((name, when, number(1000 * one, 0), number(1000 * many, 0), number(many / one, 2)))
    columns = ("server", "step", "one, ms", f"{WIDTH} at once, ms", "times one")
    title = f"{WIDTH} proposals at once, the model's {1000 * SECONDS:g} ms a request (goal: {GOAL}x)"
    return Table(title=title, columns=columns, rows=tuple(lines))


def main() -> None:
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    ours, theirs = cores()
    os.sched_setaffinity(0, {ours})
    rows: list[Row] = []
    with serving(theirs) as server:
        for number_ in range((options.limit or ROUNDS) + 1):
            found = [row for name in SERVERS for width in (1, WIDTH) for row in measure(server, name, width)]
            rows += found if number_ else []  # the first round imports
    made = table(rows)
    result = _support.figures(
        "model_concurrency",
        options,
        before,
        summary={f"{line[0]}, {line[1]} step: times one": line[4] for line in made.rows} | {"goal": GOAL},
        tables=[made],
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
