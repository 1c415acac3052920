"""`secant solve`: what may be typed to refine a solution."""

# ruff: noqa: PLC0415 - help must not wait for what a run loads

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from secant.cli.options import (
    Apply,
    BaseUrl,
    Json,
    KeyVariable,
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
from secant.cli.telling import told

File = Annotated[str, typer.Argument(metavar="FILE", help="A Markdown file with a problem and a solution.")]
Answer = Annotated[
    str | None,
    typer.Option(metavar="REGEX", help="Finds the answer: last match, group 1. By default: Answer: ..."),
]
Checks = Annotated[
    list[str] | None,
    typer.Option("--check", metavar="FILE.py::FUNCTION", help="Judges problem, solution, answer. Repeatable."),
]
Matches = Annotated[list[str] | None, typer.Option(metavar="REGEX", help="The solution must match it. Repeatable.")]
Calls = Annotated[
    int | None, typer.Option(min=0, help="Requests that are never passed; half are kept to compare with.")
]


def solve(
    *,
    target: File,
    select: Annotated[str, typer.Option(help="The heading under which the solution stands.")] = "## Solution",
    answer: Answer = None,
    checks: Checks = None,
    run_code: Annotated[bool, typer.Option("--run-code", help="The Python code in it must run.")] = False,
    must_match: Matches = None,
    check_seconds: Annotated[float, typer.Option(min=0.1, help="What one check may take.")] = 10.0,
    python: Python = None,
    optimizer: Annotated[str, typer.Option(help="Who proposes.")] = "hessiangrad",
    model: Model = None,
    optimizer_model: OptimizerModel = None,
    base_url: BaseUrl = None,
    key_variable: KeyVariable = None,
    temperature: Temperature = None,
    record: Record = None,
    no_cache: NoCache = False,
    max_usd: MaxUsd = None,
    max_calls: Calls = None,
    max_steps: Annotated[int, typer.Option(min=0, help="End the search after so many steps.")] = 6,
    max_seconds: MaxSeconds = None,
    seed: Seed = 0,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Refine the solution of a problem, by checks or, without any, by the model's own critique. Needs a model.

    Exit codes: 0 improved, 3 nothing better found, 2 bad request, 1 failure.
    """
    from secant.cli.modelling import models
    from secant.cli.session import run
    from secant.config import SolveRequest
    from secant.functions.settings import read_settings
    from secant.naming import Named

    named = Named(model, optimizer_model, base_url, key_variable, temperature, record, no_cache)
    with told():
        settings = read_settings(Path.cwd())
        request = SolveRequest(
            target=target,
            folder=Path.cwd(),
            select=select,
            answer=answer,
            checks=tuple(checks or ()),
            run_code=run_code,
            must_match=tuple(must_match or ()),
            check_seconds=check_seconds,
            python=python,
            optimizer=optimizer,
            models=models(named, settings),
            max_usd=max_usd if max_usd is not None else settings.max_usd,
            max_calls=max_calls,
            max_steps=max_steps,
            max_seconds=max_seconds,
            seed=seed,
            apply=apply,
        )
        code = run(request, json=json)
    raise typer.Exit(code)
