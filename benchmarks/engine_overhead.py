"""What the engine itself costs: the driver with an optimizer and an evaluator that do nothing, and a real journal.

Prints milliseconds per iteration (goal: at most 1, and linear), the journal's size and the time to read it back.

    python benchmarks/engine_overhead.py [--iterations 1000 10000] [--json PATH]
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from secant.budget import Budget, Limits
from secant.driver import Driver, Stopping
from secant.history import History
from secant.journal import Recorder, RunStore, new_run_id
from secant.optimizer import Context, Decision, Extraction, Plan, Scored, Stage, State
from secant.types import Artifact, Case, CaseResult, Evaluation, Part, Proposal, Split, Task

BODY = "def f(x):\n" + "".join(f"    y{i} = x + {i}\n" for i in range(20)) + "    return x\n"
SEED = Artifact(parts=(Part(name="f", text=BODY),))
CASES = [Case(id=f"tests/test_f.py::test_{i}") for i in range(10)]
GOAL_MS = 1.0


class Nothing:
    """One new text a step; nothing is learned. `survive` decides whether candidates pass the gate."""

    name = "nothing"
    state_type = State

    def __init__(self, *, survive: bool) -> None:
        self._plan = Plan(stages=(Stage(gate="none" if survive else "all_passed"),))

    def initialize(self, ctx: Context) -> State:
        return State(plan=self._plan)

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        candidate = ctx.seed.with_text(f"{BODY}# {ctx.step}\n")
        return [Proposal(artifact=candidate, parents=(ctx.seed.id,), rationale="a comment more")]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[State, Decision]:
        return state, Decision()

    def extract(self, ctx: Context, state: State) -> Extraction:
        return Extraction()


class Instantly:
    """Answers without running anything."""

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        return {"fit": CASES, "select": CASES}

    def baseline(self) -> Evaluation:
        return _evaluation(SEED, "baseline", [c.id for c in CASES])

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        for artifact in artifacts:
            yield _evaluation(artifact, stage, case_ids)

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        return _evaluation(artifact, "confirm", [c.id for c in CASES])


def _evaluation(artifact: Artifact, stage: str, case_ids: Sequence[str]) -> Evaluation:
    results = tuple(CaseResult(case_id=i, score=float(n > 0)) for n, i in enumerate(case_ids))
    return Evaluation(artifact_id=artifact.id, stage=stage, results=results)


def measure(iterations: int, folder: Path, *, survive: bool) -> dict[str, float | int | str]:
    """One run of so many iterations."""
    store = RunStore(folder)
    run = new_run_id()
    journal = store.create(run)
    driver = Driver(
        Nothing(survive=survive),
        Instantly(),
        Task(kind="function", goal="faster"),
        SEED,
        recorder=Recorder(run, journal),
        budget=Budget(Limits(evaluations=10 * iterations)),
        stopping=Stopping(steps=iterations),
    )
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = driver.run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    journal.close()
    del driver
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reading = time.perf_counter()
    History(store.read(run))
    reading = time.perf_counter() - reading
    return {
        "candidates": "kept in full" if survive else "turned down",
        "iterations": outcome.steps,
        "wall_ms": 1e3 * wall / iterations,
        "cpu_ms": 1e3 * cpu / iterations,
        "journal_bytes": store.path(run).stat().st_size / iterations,
        "read_ms": 1e3 * reading / iterations,
        "peak_mb": peak,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iterations", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    arguments = parser.parse_args()
    print(
        f"{'candidates':14} {'iterations':>10} {'ms wall':>8} {'ms CPU':>8} "
        f"{'journal B':>10} {'ms read':>8} {'peak MB':>8}"
    )
    rows: list[dict[str, float | int | str]] = []
    for survive in (False, True):
        for iterations in arguments.iterations:
            with tempfile.TemporaryDirectory() as folder:
                row = measure(iterations, Path(folder), survive=survive)
            rows.append(row)
            print(
                f"{row['candidates']:14} {row['iterations']:10} {row['wall_ms']:8.3f} {row['cpu_ms']:8.3f} "
                f"{row['journal_bytes']:10.0f} {row['read_ms']:8.3f} {row['peak_mb']:8.0f}"
            )
    worst = max(float(row["wall_ms"]) for row in rows)
    print(f"goal: at most {GOAL_MS} ms an iteration; worst {worst:.3f} ms: {'met' if worst <= GOAL_MS else 'missed'}")
    if arguments.json:
        figures = {
            "benchmark": "engine_overhead",
            "goal_ms": GOAL_MS,
            "worst_ms": worst,
            "python": platform.python_version(),
            "rows": rows,
        }
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    sys.exit(0 if worst <= GOAL_MS else 1)


if __name__ == "__main__":
    main()
