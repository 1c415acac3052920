"""Runs jobs with a limit on how many are under way."""

import asyncio


async def gather_all(jobs, limit=2):
    """Results in the order of jobs; exceptions as values."""
    gate = asyncio.Semaphore(limit)

    async def guarded(job):
        async with gate:
            return await job()

    return await asyncio.gather(*(guarded(job) for job in jobs), return_exceptions=True)
