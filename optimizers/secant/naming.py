"""The models that somebody names, on the command line or in an editor, or the project in its settings, as part of a
request. Names only: nothing is asked, and no key is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from secant.config import Models
from secant.functions.settings import Settings
from secant.models.contract import ModelSettings
from secant.types import Level

_CONCURRENCY = 8
CASSETTE = "cassette:"
"""Before a path, in place of a model's name: answers come from this recording alone."""


class Named(NamedTuple):
    """What was said; None for what was not."""

    model: str | None = None
    optimizer_model: str | None = None
    base_url: str | None = None
    key_variable: str | None = None
    temperature: float | None = None
    record: Path | None = None
    no_cache: bool = False
    concurrency: int | None = None


def named_models(named: Named, settings: Settings, folder: Path) -> Models | None:
    """The models of a run in `folder`; None where none is named anywhere."""
    model = named.model or settings.model
    optimizer_model = named.optimizer_model or settings.optimizer_model or model
    if model is None and optimizer_model is None:
        return None
    if model is not None and model.startswith(CASSETTE):
        replay = folder / model.removeprefix(CASSETTE)
        return Models(replay=replay, concurrency=named.concurrency or _CONCURRENCY)
    base_url = named.base_url or settings.base_url
    parameters: Mapping[str, JsonValue] = {} if named.temperature is None else {"temperature": named.temperature}
    names: Mapping[Level, str | None] = {"program": model, "optimizer": optimizer_model}
    levels: Mapping[Level, ModelSettings] = {
        level: ModelSettings(model=name, base_url=base_url, key_variable=named.key_variable, parameters=parameters)
        for level, name in names.items()
        if name is not None
    }
    record = folder / named.record if named.record is not None else None
    concurrency = named.concurrency or _CONCURRENCY
    return Models(levels=levels, cache=not named.no_cache, record=record, concurrency=concurrency)
