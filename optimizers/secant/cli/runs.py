"""What is said and done about earlier runs: the list, the report of one, applying its result."""

from __future__ import annotations

import os
from datetime import datetime

from rich import box
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from secant import engine
from secant.cli.terminal import clean, output_console
from secant.journal import RunStore, RunSummary
from secant.report import report


def show(store: RunStore) -> None:
    """A table, the newest first."""
    console = output_console()
    known = store.list()
    if not known:
        told = f"There are no runs in {store.folder.parents[1]} yet. Start one: secant optimize FILE::FUNCTION"
        console.print(told, soft_wrap=True)
        return
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("run", no_wrap=True)
    table.add_column("started", no_wrap=True)
    table.add_column("target", overflow="fold")
    table.add_column("outcome", overflow="fold")
    for run in known:
        started = datetime.fromtimestamp(run.started).astimezone()
        table.add_row(run.id, f"{started:%Y-%m-%d %H:%M}", Text(clean(run.target)), _outcome(run))
    console.print(table)


def report_on(store: RunStore, prefix: str, *, raw: bool) -> None:
    """The report of one run."""
    run = store.resolve(prefix)
    text = clean(report(store.read(run), apply_with=f"secant apply {run}"))
    console = output_console()
    if raw:
        console.print(Text(text), soft_wrap=True, end="")
    else:
        console.print(Markdown(text))


def apply(store: RunStore, prefix: str, alternative: int) -> None:
    """Write the winner (0) or an alternative into the file."""
    path, rationale = engine.apply_run(store, store.resolve(prefix), alternative)
    applied = Text.assemble(("Applied", "bold green"), f" to {clean(os.path.relpath(path))}: {clean(rationale)}")
    output_console().print(applied, soft_wrap=True)


def _outcome(run: RunSummary) -> Text:
    match run.state:
        case "finished":
            return Text(run.outcome, style="green" if run.outcome == "improved" else "")
        case "failed":
            return Text(f"failed: {clean(run.outcome)}", style="red")
        case "interrupted":
            return Text("interrupted, can be resumed", style="yellow")
        case "running":
            return Text("running", style="cyan")
