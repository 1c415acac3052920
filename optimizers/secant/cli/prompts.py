"""`secant refine` and `secant eval`: what may be typed about a prompt file and its cases."""

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
from secant.cli.telling import told

File = Annotated[
    str, typer.Argument(metavar="FILE", help="A prompt file; FILE::NAME for one of several, or a Python constant.")
]
Data = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE", help="The cases; by default those of the file, or beside it (<name>.eval.*). Repeatable."
    ),
]
HeldOut = Annotated[
    list[str] | None, typer.Option("--report-data", metavar="FILE", help="Cases for the report alone. Repeatable.")
]
Metric = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        show_default=False,
        help="exact, numeric, contains, regex, json-schema, choice, python:FILE.py::FUNCTION, judge, ...; "
        "by default what the data says, else exact.",
    ),
]
Repeats = Annotated[int, typer.Option(min=1, help="Run each case so often; the mean counts.")]
CaseSeconds = Annotated[float, typer.Option(min=0.1, help="What a metric in Python may take for one answer.")]
Concurrency = Annotated[int, typer.Option(min=1, help="Requests at the same time.")]


def refine(
    *,
    target: File,
    data: Data = None,
    report_data: HeldOut = None,
    metric: Metric = "",
    optimizer: Annotated[
        str,
        typer.Option(
            help="gpo, opro, ape, protegi, gepa, mipro, hessiangrad, textgrad, momentum, sampling or portfolio."
        ),
    ] = "gpo",
    repeats: Repeats = 1,
    demonstrations: Annotated[int, typer.Option(min=0, help="Cases that may be shown in the prompt.")] = 0,
    max_prompt_tokens: Annotated[
        int | None, typer.Option(min=1, help="No prompt is longer; by default twice its size, and 400 at least.")
    ] = None,
    case_seconds: CaseSeconds = 10.0,
    python: Python = None,
    model: Model = None,
    optimizer_model: OptimizerModel = None,
    base_url: BaseUrl = None,
    key_variable: KeyVariable = None,
    temperature: Temperature = None,
    concurrency: Concurrency = 8,
    record: Record = None,
    no_cache: NoCache = False,
    max_usd: MaxUsd = None,
    max_calls: MaxCalls = None,
    max_steps: Annotated[int, typer.Option(min=0, help="End the search after so many steps.")] = 12,
    max_seconds: MaxSeconds = None,
    seed: Seed = 0,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Improve a prompt file on its eval data: only its text changes, and held-out cases say by how much. Needs a model.

    Exit codes: 0 improved, 3 nothing better found, 2 bad request, 1 failure.
    """
    from secant.cli.modelling import models
    from secant.cli.session import run
    from secant.config import RefineRequest
    from secant.functions.settings import read_settings
    from secant.naming import Named

    named = Named(model, optimizer_model, base_url, key_variable, temperature, record, no_cache, concurrency)
    with told():
        settings = read_settings(Path.cwd())
        request = RefineRequest(
            target=target,
            folder=Path.cwd(),
            data=tuple(data or ()),
            report_data=tuple(report_data or ()),
            metric=metric,
            optimizer=optimizer,
            repeats=repeats,
            demonstrations=demonstrations,
            max_prompt_tokens=max_prompt_tokens,
            case_seconds=case_seconds,
            python=python,
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


def evaluate(
    *,
    target: File,
    data: Data = None,
    metric: Metric = "",
    repeats: Repeats = 1,
    baseline: Annotated[
        list[str] | None,
        typer.Option(help="Compare with cot, few-shot, self-consistency or best-of. Repeatable.", metavar="NAME"),
    ] = None,
    case_seconds: CaseSeconds = 10.0,
    python: Python = None,
    model: Model = None,
    base_url: BaseUrl = None,
    key_variable: KeyVariable = None,
    temperature: Temperature = None,
    concurrency: Concurrency = 8,
    record: Record = None,
    no_cache: NoCache = False,
    max_usd: MaxUsd = None,
    max_calls: MaxCalls = None,
    max_seconds: MaxSeconds = None,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """Score a prompt file on its cases, one by one, and change nothing. Recorded answers need no model.

    Exit codes: 0 scored, 3 a cap was used up before, 2 bad request, 1 failure.
    """
    from secant.cli.modelling import models
    from secant.cli.session import run
    from secant.config import EvalRequest
    from secant.functions.settings import read_settings
    from secant.naming import Named

    named = Named(model, None, base_url, key_variable, temperature, record, no_cache, concurrency)
    with told():
        settings = read_settings(Path.cwd())
        request = EvalRequest(
            target=target,
            folder=Path.cwd(),
            data=tuple(data or ()),
            metric=metric,
            repeats=repeats,
            baselines=tuple(baseline or ()),
            case_seconds=case_seconds,
            python=python,
            models=models(named, settings),
            max_usd=max_usd if max_usd is not None else settings.max_usd,
            max_calls=max_calls,
            max_seconds=max_seconds,
            seed=seed,
        )
        code = run(request, json=json)
    raise typer.Exit(code)
