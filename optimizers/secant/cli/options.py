"""What may be typed to more than one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def _more_than_none(seconds: float | None) -> float | None:
    if seconds is not None and not seconds > 0:
        raise typer.BadParameter(f"{seconds:g} is not more than 0 seconds")
    return seconds


Python = Annotated[
    str | None, typer.Option(help="The Python that runs the tests; by default the project's own is found.")
]
Model = Annotated[str | None, typer.Option(help="A model, by its litellm name: openai/gpt-4o-mini, ollama/qwen3, ...")]
OptimizerModel = Annotated[str | None, typer.Option(help="Another one to write the candidates.")]
BaseUrl = Annotated[str | None, typer.Option(help="Where the model answers, for a server of one's own.")]
KeyVariable = Annotated[
    str | None,
    typer.Option(help="The environment variable with the key for that server; other keys are not sent there."),
]
Temperature = Annotated[float | None, typer.Option(min=0, help="Sent with every request.")]
Record = Annotated[Path | None, typer.Option(help="Write every call into this cassette, for `secant replay`.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Ask again what an earlier run has asked before.")]
MaxUsd = Annotated[float | None, typer.Option(min=0, help="Dollars that are never passed.")]
MaxSeconds = Annotated[float | None, typer.Option(callback=_more_than_none, help="End the search after so long.")]
MaxCalls = Annotated[int | None, typer.Option(min=0, help="Requests that are never passed.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same choices.")]
Apply = Annotated[bool, typer.Option("--apply", help="Write the result into the file.")]
Json = Annotated[bool, typer.Option("--json", help="Print one event per line (secant.events), and nothing else.")]
