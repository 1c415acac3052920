"""The commands: what may be typed, and nothing else. Each imports its room when it is called, so that help is quick."""

# ruff: noqa: PLC0415 - `secant --version` must not wait for the engine to load

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from secant import __version__
from secant.cli.options import (
    Apply,
    BaseUrl,
    Json,
    KeyVariable,
    MaxCalls,
    MaxSeconds,
    MaxUsd,
    Model,
    NoCache,
    OptimizerModel,
    Python,
    Record,
    Seed,
    Temperature,
)
from secant.cli.prompts import evaluate, refine
from secant.cli.solve import solve
from secant.cli.telling import told
from secant.config import Goal

Target = Annotated[
    str, typer.Argument(metavar="TARGET", help="path.py::function, path.py::Class.method or path.py:LINE.")
]
More = Annotated[list[str] | None, typer.Argument(metavar="MORE_TESTS", help="After --tests: further tests.")]
Run = Annotated[
    str, typer.Argument(metavar="RUN", help="The run's id, or as much of its beginning or end as is unique.")
]


def main() -> None:
    """The entry point `secant`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a test's name may hold what this terminal cannot show
    try:
        application()(prog_name="secant")
    except Exception as error:  # noqa: BLE001  # because a person gets a sentence, never a traceback
        from secant.cli.failure import tell, unexpected

        tell(unexpected(error))
        sys.exit(1)


def application() -> typer.Typer:
    """All commands."""
    app = typer.Typer(
        name="secant",
        help="Repairs a Python function against its tests, or makes it faster: with evidence, with a model or without.",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)
    app.command(name="eval")(evaluate)
    for command in (optimize, solve, refine, runs, show, resume, apply, models, replay, doctor, lsp):
        app.command()(command)
    return app


def optimize(
    *,
    target: Target,
    more: More = None,
    goal: Annotated[Goal, typer.Option(help="auto: failing tests are fixed; if all pass, it is made faster.")] = "auto",
    tests: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH_OR_NODEID ...", help="The tests that judge, instead of those that are found."),
    ] = None,
    python: Python = None,
    optimizer: Annotated[
        str, typer.Option(help="Who proposes: by default rewrite, and with a model mixed.", show_default=False)
    ] = "",
    model: Model = None,
    optimizer_model: OptimizerModel = None,
    base_url: BaseUrl = None,
    key_variable: KeyVariable = None,
    temperature: Temperature = None,
    record: Record = None,
    no_cache: NoCache = False,
    max_usd: MaxUsd = None,
    max_calls: MaxCalls = None,
    max_seconds: MaxSeconds = None,
    max_evaluations: Annotated[int | None, typer.Option(min=0, help="End it after so many candidates.")] = None,
    seed: Seed = 0,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Fix or speed up one function against its tests. Without --apply no file changes.

    Exit codes: 0 improved, 3 nothing better found, 2 bad request, 1 failure.
    """
    if more and not tests:
        raise typer.BadParameter(f"one function at a time; if it is a test: --tests {more[0]}", param_hint=more[0])
    from secant.cli.modelling import models
    from secant.cli.session import run
    from secant.config import OptimizeRequest
    from secant.functions.settings import read_settings
    from secant.naming import Named

    named = Named(model, optimizer_model, base_url, key_variable, temperature, record, no_cache)
    with told():
        settings = read_settings(Path.cwd())
        request = OptimizeRequest(
            target=target,
            folder=Path.cwd(),
            goal=goal,
            tests=(*(tests or ()), *(more or ())),
            python=python,
            optimizer=optimizer,
            models=models(named, settings),
            max_usd=max_usd if max_usd is not None else settings.max_usd,
            max_calls=max_calls,
            max_seconds=max_seconds,
            max_evaluations=max_evaluations,
            seed=seed,
            apply=apply,
        )
        code = run(request, json=json)
    raise typer.Exit(code)


def runs() -> None:
    """List the runs of this project, the newest first."""
    from secant.cli import runs
    from secant.cli.workspace import run_store

    with told():
        runs.show(run_store())


def show(
    run: Run, raw: Annotated[bool, typer.Option("--raw", help="Print the Markdown as it is, for a file.")] = False
) -> None:
    """Show a run: its tests, the search, the result with its evidence, the alternatives."""
    from secant.cli import runs
    from secant.cli.workspace import run_store

    with told():
        runs.report_on(run_store(), run, raw=raw)


def resume(run: Run, json: Json = False) -> None:
    """Go on with a run that was killed, stopped or failed. Nothing that was evaluated is evaluated again."""
    from secant import engine
    from secant.cli.session import conduct
    from secant.cli.workspace import run_store

    with told():
        store = run_store()
        code = conduct(
            lambda listeners, cancellation: engine.resume(
                store, store.resolve(run), listeners, cancellation, os.environ
            ),
            json=json,
        )
    raise typer.Exit(code)


def apply(
    run: Run,
    alternative: Annotated[int, typer.Option(min=0, help="The number of an alternative; 0 is the winner.")] = 0,
) -> None:
    """Write a run's result into its file, if the file still is what was measured."""
    from secant.cli import runs
    from secant.cli.workspace import run_store

    with told():
        runs.apply(run_store(), run, alternative)


def models() -> None:
    """Say which models are configured, which servers of this machine answer, and what a named model costs."""
    from rich.console import Console

    from secant.cli.models import show
    from secant.functions.settings import read_settings

    with told():
        show(read_settings(Path.cwd()), os.environ, Console())


def replay(
    cassette: Annotated[Path, typer.Argument(metavar="CASSETTE", help="What `--record` wrote.")],
    python: Python = None,
    json: Json = False,
) -> None:
    """Run what a cassette holds once more, in this folder, with no model and no key."""
    from secant.cli.replay import request
    from secant.cli.session import run

    with told():
        code = run(request(cassette, Path.cwd(), python), json=json)
    raise typer.Exit(code)


def doctor(python: Python = None) -> None:
    """Say what this machine and this project give: interpreter, pytest, isolation, tools."""
    from secant.cli.doctor import examine

    with told():
        healthy = examine(Path.cwd(), python)
    raise typer.Exit(0 if healthy else 1)


def lsp(
    *, _stdio: Annotated[bool, typer.Option("--stdio", help="As it always does; some editors say so.")] = False
) -> None:
    """Serve an editor on stdin and stdout, in the language server protocol."""
    from secant_server.stdio import serve

    serve()


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"secant {__version__}")
        raise typer.Exit


def _options(
    *,
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Print the version.")
    ] = False,
) -> None:
    pass
