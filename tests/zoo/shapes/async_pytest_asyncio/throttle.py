"""A bucket of permits."""

import asyncio


class Throttle:
    def __init__(self, permits):
        self.permits = permits

    async def take(self, count=1):
        """True when the permits were there."""
        await asyncio.sleep(0)
        if count > self.permits:
            return False
        self.permits -= count
        return True
