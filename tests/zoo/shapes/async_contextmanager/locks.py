"""Named locks."""

import asyncio
from contextlib import asynccontextmanager

held = []


@asynccontextmanager
async def holding(name, log=None):
    await asyncio.sleep(0)
    held.append(name)
    try:
        yield len(held)
    finally:
        held.remove(name)
        if log is not None:
            log.append(name)
