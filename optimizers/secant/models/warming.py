"""Loads what a run's first request will need while its tests are still being found. Imports only: nothing is sent.

litellm is left out: it writes into the environment and takes seconds, so it is loaded when it is first asked.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection
from importlib import import_module

from secant.models.contract import ModelSettings

_ALWAYS = ("secant.models.gateway", "secant.models.cache")
_SHORT_WAY = ("aiohttp",)


def warm(settings: Collection[ModelSettings]) -> threading.Thread:
    """Load it in a thread. Whoever needs it sooner imports it as ever, and waits for no more than the rest."""
    thread = threading.Thread(target=_load, args=(settings,), name="secant-warming")
    thread.start()
    return thread


def _load(settings: Collection[ModelSettings]) -> None:
    from secant.models import prices  # noqa: PLC0415 - the room's heavier half
    from secant.models.providers import speaks_openai  # noqa: PLC0415

    with contextlib.suppress(ImportError):  # told by whoever needs it
        for name in (*_ALWAYS, *(_SHORT_WAY if any(map(speaks_openai, settings)) else ())):
            import_module(name)
    prices.table()
