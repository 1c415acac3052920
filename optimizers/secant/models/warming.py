"""Loads what a run's first request will need while its tests are still being found. Imports only: nothing is sent.

litellm is left out: it writes into the environment and takes seconds, so it is loaded when it is first asked.
"""

from __future__ import annotations

import threading
from collections.abc import Collection

from secant.models.contract import ModelSettings


def warm(settings: Collection[ModelSettings]) -> threading.Thread:
    """Load it in a thread. Whoever needs it sooner imports it as ever, and waits for no more than the rest."""
    thread = threading.Thread(target=_load, args=(settings,), name="secant-warming")
    thread.start()
    return thread


def _load(settings: Collection[ModelSettings]) -> None:
    from secant.models import cache, gateway, prices  # noqa: F401, PLC0415 - loading them is what this is for
    from secant.models.providers import speaks_openai  # noqa: PLC0415

    if any(map(speaks_openai, settings)):
        import aiohttp  # noqa: F401, PLC0415
    prices.table()
