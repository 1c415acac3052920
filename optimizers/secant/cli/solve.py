"""`secant solve`: what may be typed to refine a solution. Makes a request of it; who carries it out is given."""

# ruff: noqa: PLC0415 - help must not wait for what a run loads

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from secant.cancellation import Cancellation
    from secant.config import SolveRequest
    from secant.journal import Listener

Carry = Callable[["SolveRequest", "Sequence[Listener]", "Cancellation", Mapping[str, str]], int]
"""Runs a request to its end; the exit code. `engine.solve`."""


def command(carry: Callable[[], Carry]) -> Callable[..., None]:
    """The command, to be registered. `carry` is called when a run begins, and may import what it needs."""

    def solve(
        *,
        target: Annotated[str, typer.Argument(metavar="FILE", help="A Markdown file with a problem and a solution.")],
        select: Annotated[str, typer.Option(help="The heading under which the solution stands.")] = "## Solution",
        answer: Annotated[
            str | None,
            typer.Option(metavar="REGEX", help="Finds the answer (last match, group 1). By default: `Answer: ...`."),
        ] = None,
        check: Annotated[
            list[str] | None,
            typer.Option(metavar="FILE.py::FUNCTION", help="Judges: called with problem, solution, answer. Repeatable."),
        ] = None,
        run_code: Annotated[bool, typer.Option("--run-code", help="The Python code in it must run.")] = False,
        must_match: Annotated[
            list[str] | None, typer.Option(metavar="REGEX", help="The solution must match it. Repeatable.")
        ] = None,
        check_seconds: Annotated[float, typer.Option(min=0.1, help="What one check may take.")] = 10.0,
        python: Annotated[str | None, typer.Option(help="The Python that runs checks and code.")] = None,
        optimizer: Annotated[str, typer.Option(help="Who proposes.")] = "hessiangrad",
        model: Annotated[
            str | None, typer.Option(help="A model, by its litellm name: openai/gpt-4o-mini, ollama/qwen3, ...")
        ] = None,
        optimizer_model: Annotated[str | None, typer.Option(help="Another one to criticise and to write.")] = None,
        base_url: Annotated[str | None, typer.Option(help="Where the model answers, for one's own server.")] = None,
        temperature: Annotated[float | None, typer.Option(min=0, help="Sent with every request.")] = None,
        record: Annotated[Path | None, typer.Option(help="Write every call into this cassette.")] = None,
        no_cache: Annotated[bool, typer.Option("--no-cache", help="Ask again what was asked in another run.")] = False,
        max_usd: Annotated[float | None, typer.Option(min=0, help="Dollars that are never passed.")] = None,
        max_calls: Annotated[
            int | None, typer.Option(min=0, help="Requests that are never passed; half are kept to compare with.")
        ] = None,
        max_steps: Annotated[int, typer.Option(min=0, help="End the search after so many steps.")] = 6,
        max_seconds: Annotated[float | None, typer.Option(min=0.1, help="End the search after so long.")] = None,
        seed: Annotated[int, typer.Option(help="The same seed makes the same choices.")] = 0,
        apply: Annotated[bool, typer.Option("--apply", help="Write the result into the file.")] = False,
        json: Annotated[bool, typer.Option("--json", help="Print one event per line (secant.events).")] = False,
    ) -> None:
        """Refine the solution of a problem, by checks or, without any, by the model's own critique. Needs a model.

        Exit codes: 0 improved, 3 nothing better found, 2 bad request, 1 failure.
        """
        import os

        from secant.cli.app import told
        from secant.cli.modelling import Named, models
        from secant.cli.session import conduct
        from secant.config import SolveRequest
        from secant.functions.settings import read_settings

        with told():
            settings = read_settings(Path.cwd())
            named = Named(
                model=model,
                optimizer_model=optimizer_model,
                base_url=base_url,
                temperature=temperature,
                record=record,
                no_cache=no_cache,
            )
            request = SolveRequest(
                target=target,
                folder=Path.cwd(),
                select=select,
                answer=answer,
                checks=tuple(check or ()),
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
            run = carry()
            code = conduct(lambda listeners, cancellation: run(request, listeners, cancellation, os.environ), json=json)
        raise typer.Exit(code)

    return solve
