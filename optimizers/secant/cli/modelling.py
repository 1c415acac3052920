"""The models that a person names on the command line, or the project in its settings, as part of a request."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from secant.config import Models
from secant.errors import BadRequest
from secant.functions.settings import Settings
from secant.models.contract import ModelSettings
from secant.types import Level


class Named(NamedTuple):
    """What was typed; None for what was not."""

    model: str | None = None
    optimizer_model: str | None = None
    base_url: str | None = None
    key_variable: str | None = None
    temperature: float | None = None
    record: Path | None = None
    no_cache: bool = False


def models(named: Named, settings: Settings) -> Models | None:
    """The models of a run; None where none is named anywhere. Raises BadRequest for options that need a model."""
    model = named.model or settings.model
    optimizer_model = named.optimizer_model or settings.optimizer_model or model
    if model is None and optimizer_model is None:
        useless = [
            f"--{name.replace('_', '-')}"
            for name in ("base_url", "key_variable", "temperature", "record")
            if _given(named, name)
        ]
        if useless:
            raise BadRequest(
                f"{useless[0]} says something of a model, and no model is named",
                hint="Name one: --model openai/gpt-4o-mini. `secant models` says what is configured and reachable.",
            )
        return None
    base_url = named.base_url or settings.base_url
    parameters: Mapping[str, JsonValue] = {} if named.temperature is None else {"temperature": named.temperature}
    names: Mapping[Level, str | None] = {"program": model, "optimizer": optimizer_model}
    levels: Mapping[Level, ModelSettings] = {
        level: ModelSettings(model=name, base_url=base_url, key_variable=named.key_variable, parameters=parameters)
        for level, name in names.items()
        if name is not None
    }
    record = named.record.absolute() if named.record is not None else None
    return Models(levels=levels, cache=not named.no_cache, record=record)


def _given(named: Named, name: str) -> bool:
    return getattr(named, name) is not None
