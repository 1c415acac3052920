"""The models that a person can choose from. An engine is asked: only there is it known what keys, servers and prices
there are, and nothing of that is loaded here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from secant_server.engine import Log, engine
from secant_server.notices import Refused

_PATIENCE_SECONDS = 20.0
_HINT = "Secant's log says more. A model can also be named in the setting secant.model."


async def models(command: Sequence[str], folder: Path, log: Log) -> Sequence[Mapping[str, Any]]:
    """What `secant models` knows in a project, as `models.known` writes it. Raises SecantError."""
    order = {"models": {"folder": str(folder)}}
    try:
        async with engine(command, order, folder, log) as running, asyncio.timeout(_PATIENCE_SECONDS):
            return _read(await running.line())
    except TimeoutError as error:
        raise Refused("Which models there are could not be found out in time.", hint=_HINT) from error


def _read(line: bytes) -> Sequence[Mapping[str, Any]]:
    try:
        found: object = json.loads(line)
    except ValueError:
        found = None
    fields: Mapping[str, Any] = cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}
    listed: object = fields.get("models")
    if isinstance(listed, list):
        return [cast("Mapping[str, Any]", each) for each in cast("list[object]", listed) if isinstance(each, dict)]
    if fields.get("type") == "failed":
        raise Refused(str(fields.get("message")), hint=str(fields.get("hint", "")), where=fields.get("where") or None)
    raise Refused("Which models there are could not be found out.", hint=_HINT)
