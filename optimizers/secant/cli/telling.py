"""What goes wrong in a command is said on stderr, and is its exit code."""

# ruff: noqa: PLC0415 - help must not wait for what draws errors

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import typer

from secant.errors import SecantError


@contextmanager
def told() -> Generator[None]:
    """What goes wrong is said on stderr, and is the exit code."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read the output has gone, there is nobody to tell
    except (SecantError, OSError) as error:
        from secant.cli.failure import described, tell

        failed = described(error)
        tell(failed)
        raise typer.Exit(failed.exit_code) from None
