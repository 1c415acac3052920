"""What the benchmarks share: tables, figures on disk, the machine in numbers, and work spread over cores.

Figures say how large the machine was and how busy, never its name or where anything lies on it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import queue
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The repository: children are started here, so that they find this package."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Frozen(BaseModel):
    """Data of a benchmark."""

    model_config = ConfigDict(frozen=True)


class Table(Frozen):
    """Rows of text below a title. Columns of figures are aligned to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """For a terminal."""
        cells = [self.columns, *self.rows]
        widths = [max(len(row[i]) for row in cells) for i in range(len(self.columns))]
        right = [self._is_numeric(i) for i in range(len(self.columns))]
        lines = [
            "  ".join(cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, right, strict=True))
            for row in cells
        ]
        return "\n".join([self.title, *(line.rstrip() for line in lines)])

    def markdown(self) -> str:
        """For a README."""
        marks = ["---:" if self._is_numeric(i) else "---" for i in range(len(self.columns))]
        lines = [
            "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (self.columns, *self.rows)
        ]
        return "\n".join([f"**{self.title}**", "", lines[0], "| " + " | ".join(marks) + " |", *lines[1:]])

    def _is_numeric(self, column: int) -> bool:
        filled = [row[column] for row in self.rows if row[column]]
        return bool(filled) and all(cell[0].isdigit() or cell[0] in "-<≥" for cell in filled)


class Machine(Frozen):
    """How large and how busy. The load is the average of the last minute, before and after."""

    system: str
    cores: int
    memory_gb: int
    python: str
    load_before: float
    load_after: float = 0.0


class Figures(Frozen):
    """What a benchmark leaves behind: tables to read, rows to compute with."""

    benchmark: str
    date: str
    machine: Machine
    options: dict[str, Any]
    summary: dict[str, Any]
    tables: tuple[Table, ...]
    rows: tuple[dict[str, Any], ...]


def machine() -> Machine:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        system=platform.system(),
        cores=len(os.sched_getaffinity(0)),
        memory_gb=round(memory / 2**30),
        python=platform.python_version(),
        load_before=round(os.getloadavg()[0], 1),
    )


def figures(
    benchmark: str,
    options: argparse.Namespace,
    before: Machine,
    *,
    summary: dict[str, Any],
    tables: Sequence[Table],
    rows: Sequence[dict[str, Any]],
) -> Figures:
    """Everything needed to read the result later; `before` is the machine as the benchmark began."""
    kept = {name: value for name, value in vars(options).items() if name not in ("json", "data")}
    return Figures(
        benchmark=benchmark,
        date=time.strftime("%Y-%m-%d"),
        machine=before.model_copy(update={"load_after": round(os.getloadavg()[0], 1)}),
        options=kept,
        summary=summary,
        tables=tuple(tables),
        rows=tuple(rows),
    )


def publish(result: Figures, path: Path | None) -> None:
    """Print the tables; write the figures where that was asked."""
    for table in result.tables:
        print(f"\n{table.text()}")
    size = result.machine
    print(f"\n{result.date}, {size.cores} cores, Python {size.python}, load {size.load_before} to {size.load_after}")
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(result.model_dump(mode="json"), indent=1, ensure_ascii=False)
        path.write_text(without_places(text) + "\n", encoding="utf-8")


def without_places(text: str) -> str:
    """A text in which no place of this machine can be read; messages of the engine name some."""
    places = {
        "repository": ROOT,
        "environment": sys.prefix,
        "python": sys.base_prefix,
        "temporary": tempfile.gettempdir(),
        "home": Path.home(),
    }
    for name, place in sorted(places.items(), key=lambda item: -len(str(item[1]))):
        text = text.replace(str(place), f"<{name}>")
    return text


def parser(description: str | None) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    made = argparse.ArgumentParser(description=(description or "").splitlines()[0])
    made.add_argument("--json", type=Path, help="write the figures to this file")
    made.add_argument("--limit", type=int, help="stop after so many items: a quick look")
    made.add_argument("--jobs", type=int, default=1, help="items at a time, each on a core of its own (default 1)")
    return made


def on_own_core(
    items: Sequence[Item], work: Callable[[Item, int], Result], jobs: int, tell: Callable[[Item, Result], str]
) -> Iterator[Result]:
    """The result of `work(item, core)` for every item, in the items' order; `tell` is printed as each is done."""
    free: queue.SimpleQueue[int] = queue.SimpleQueue()
    cores = sorted(os.sched_getaffinity(0))[:jobs]
    for core in cores:
        free.put(core)

    def one(item: Item) -> Result:
        core = free.get()
        try:
            return work(item, core)
        finally:
            free.put(core)

    with ThreadPoolExecutor(len(cores)) as pool:
        futures = {pool.submit(one, item): item for item in items}
        for done, future in enumerate(as_completed(futures), 1):
            print(f"{done:4}/{len(items)} {tell(futures[future], future.result())}", file=sys.stderr, flush=True)
        yield from (future.result() for future in futures)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share does not exceed; nan where there is none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else math.nan


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def number(value: float, digits: int = 1) -> str:
    """A figure for a table; a dash for what was not measured."""
    return "-" if math.isnan(value) else f"{value:.{digits}f}"
