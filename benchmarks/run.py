"""Runs all benchmarks and writes their tables into README.md, between its markers.

Each benchmark runs in a process of its own, one after the other, and leaves its figures in `results/`. The tables are
made from those files alone, so `--tables` writes them anew without measuring anything.

    python -m benchmarks.run [--only NAME ...] [--limit N] [--jobs N] [--tables]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks._support import ROOT, Figures, Table, number

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results"
README = FOLDER / "README.md"
BEGIN, END = "<!-- {name}: begin, written by run.py -->", "<!-- {name}: end -->"


def own_tables(figures: Mapping[str, Any]) -> tuple[Table, ...]:
    """As most benchmarks write them."""
    return Figures.model_validate(figures).tables


class Benchmark(NamedTuple):
    """How one is run, briefly too, and how its figures become tables."""

    module: str
    arguments: tuple[str, ...] = ()
    limit: str = "--limit"
    """The option for a quick look."""
    takes_jobs: bool = True
    tables: Callable[[Mapping[str, Any]], tuple[Table, ...]] = own_tables


def of_engine_overhead(figures: Mapping[str, Any]) -> tuple[Table, ...]:
    """This benchmark writes its own kind of figures."""
    columns = ("candidates", "iterations", "wall ms", "CPU ms", "journal bytes", "ms to read", "peak MB")
    keys = ("wall_ms", "cpu_ms", "journal_bytes", "read_ms", "peak_mb")
    digits = (3, 3, 0, 3, 0)
    rows = tuple(
        (row["candidates"], str(row["iterations"]), *(number(row[k], d) for k, d in zip(keys, digits, strict=True)))
        for row in figures["rows"]
    )
    title = f"Engine overhead of an iteration (goal: at most {figures['goal_ms']:g} ms)"
    return (Table(title=title, columns=columns, rows=rows),)


def of_aa_timing(figures: Mapping[str, Any]) -> tuple[Table, ...]:
    """This one too."""
    columns = ("load", "change", "trials", "called faster", "called slower", "intervals that hold the truth")
    keys = ("load", "change", "trials", "faster", "slower", "interval holds the truth")
    rows = tuple(tuple("" if row[key] is None else str(row[key]) for key in keys) for row in figures["totals"])
    return (Table(title="Timing of known changes", columns=columns, rows=rows),)


BENCHMARKS: Mapping[str, Benchmark] = {
    "repair": Benchmark("repair"),
    "repair-two-edits": Benchmark("repair", ("--edits", "2")),
    "speed": Benchmark("speed"),
    "equal_calls": Benchmark("equal_calls"),
    "equal_prompts": Benchmark("equal_prompts"),
    "candidate_cost": Benchmark("candidate_cost", takes_jobs=False),
    "demo_memory": Benchmark("demo_memory"),
    "engine_overhead": Benchmark(
        "engine_overhead",
        limit="--iterations",
        takes_jobs=False,
        tables=of_engine_overhead,
    ),
    "language_server": Benchmark("language_server", takes_jobs=False),
    "extension": Benchmark("extension", takes_jobs=False),
    "model_runs": Benchmark("model_runs", takes_jobs=False),
    "model_concurrency": Benchmark("model_concurrency", takes_jobs=False),
    "model_calls": Benchmark("model_calls", takes_jobs=False),
    "model_start": Benchmark("model_start", takes_jobs=False),
    "textgrad_comparison": Benchmark("textgrad_comparison", takes_jobs=False),
    "prompt_evaluation": Benchmark("prompt_evaluation", takes_jobs=False),
    "optimizer_steps": Benchmark("optimizer_steps", takes_jobs=False),
    "claims": Benchmark("claims", takes_jobs=False),
    "aa_timing": Benchmark("aa_timing", limit="--trials", takes_jobs=False, tables=of_aa_timing),
}


def run(name: str, limit: int | None, jobs: int, folder: Path) -> bool:
    """Run one; whether it came to its end. One that misses its goal may say so by its exit code, and has a result."""
    benchmark, path = BENCHMARKS[name], folder / f"{name}.json"
    before = path.stat().st_mtime_ns if path.exists() else 0
    command = [sys.executable, "-m", f"benchmarks.{benchmark.module}", *benchmark.arguments, "--json", str(path)]
    command += (benchmark.limit, str(limit)) if limit is not None else ()
    command += ("--jobs", str(jobs)) if benchmark.takes_jobs else ()
    print(f"\n# {name}", flush=True)
    subprocess.run(command, cwd=ROOT, check=False)
    return path.exists() and path.stat().st_mtime_ns > before


def tables(name: str, folder: Path) -> str:
    """The tables of a benchmark's last figures, and when and where they were measured."""
    path = folder / f"{name}.json"
    if not path.exists():
        return "Not measured yet."
    figures = json.loads(path.read_text(encoding="utf-8"))
    parts = [table.markdown() for table in BENCHMARKS[name].tables(figures)]
    return "\n\n".join([*parts, f"*{measured(figures)}*"])


def measured(figures: Mapping[str, Any]) -> str:
    """Date and machine, as far as the figures say."""
    size = figures.get("machine", {})
    load = size.get("load_before", size.get("load average"))
    words = [
        figures.get("date"),
        f"{size['cores']} cores" if "cores" in size else None,
        f"{size['memory_gb']} GB" if "memory_gb" in size else None,
        f"Python {size.get('python', figures.get('python'))}",
        f"load {load[0] if isinstance(load, list) else load:.1f} before" if load else None,
    ]
    return "Measured: " + ", ".join(word for word in words if word) + "."


def with_tables(text: str, made: Mapping[str, str]) -> str:
    """The text with what stands between each pair of markers replaced. Raises ValueError where a marker is missing."""
    for name, table in made.items():
        begin, end = BEGIN.format(name=name), END.format(name=name)
        head, found, rest = text.partition(begin)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"{README.name} lacks the marks of {name}: {begin} and {end}")
        text = f"{head}{begin}\n\n{table}\n\n{end}{tail}"
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=tuple(BENCHMARKS), help="default: all")
    parser.add_argument("--limit", type=int, help="so many items of each: a quick look, kept out of results and README")
    parser.add_argument("--jobs", type=int, default=1, help="items at a time, each on a core of its own")
    parser.add_argument("--tables", action="store_true", help="measure nothing, write the tables anew")
    options = parser.parse_args()
    folder = RESULTS if options.limit is None else ROOT / "build" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    failed = [] if options.tables else [n for n in options.only if not run(n, options.limit, options.jobs, folder)]
    if options.limit is None:
        made = {name: tables(name, RESULTS) for name in BENCHMARKS}
        README.write_text(with_tables(README.read_text(encoding="utf-8"), made), encoding="utf-8")
    if failed:
        sys.exit(f"These left no figures: {', '.join(failed)}")


if __name__ == "__main__":
    main()
