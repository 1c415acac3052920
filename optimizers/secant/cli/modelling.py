"""The models that a person names on the command line, as part of a request."""

from __future__ import annotations

from pathlib import Path

from secant.config import Models
from secant.errors import BadRequest
from secant.functions.settings import Settings
from secant.naming import Named, named_models


def models(named: Named, settings: Settings) -> Models | None:
    """The models of a run; None where none is named anywhere. Raises BadRequest for options that need a model."""
    found = named_models(named, settings, Path.cwd())
    if found is None:
        _refuse_useless(named)
    return found


def _refuse_useless(named: Named) -> None:
    for name in ("base_url", "key_variable", "temperature", "record"):
        if getattr(named, name) is not None:
            raise BadRequest(
                f"--{name.replace('_', '-')} says something of a model, and no model is named",
                hint="Name one: --model openai/gpt-4o-mini. `secant models` says what is configured and reachable.",
            )
