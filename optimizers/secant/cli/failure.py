"""Errors as a person reads them: what happened, where, what to do next. Never a traceback."""

from __future__ import annotations

import traceback
from pathlib import Path

from rich.text import Text

from secant.cli.terminal import clean, error_console
from secant.errors import SecantError
from secant.events import Failed


def described(error: SecantError | OSError) -> Failed:
    """An expected error as the event that ends a run."""
    if isinstance(error, SecantError):
        return Failed(message=error.message, where=error.where or "", hint=error.hint, exit_code=error.exit_code)
    return Failed(message=error.strerror or str(error), where=str(error.filename or ""), exit_code=1)


def unexpected(error: BaseException) -> Failed:
    """An error of Secant's own, with the place that a report of it must name."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}, in {frames[-1].name}" if frames else ""
    return Failed(
        message=f"Secant itself failed: {type(error).__name__}: {error}",
        where=where,
        hint="This is a bug. Please report it with these lines.",
        exit_code=1,
    )


def tell(failed: Failed) -> None:
    """Say it on stderr."""
    error_console().print(text(failed), soft_wrap=True)


def text(failed: Failed) -> Text:
    lines = Text.assemble(("Error: ", "bold red"), clean(failed.message))
    if failed.where:
        lines.append(f"\n  at {clean(failed.where)}", style="dim")
    for line in clean(failed.hint).splitlines():
        lines.append(f"\n  {line}")
    return lines
