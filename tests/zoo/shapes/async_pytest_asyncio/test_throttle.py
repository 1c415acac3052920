import asyncio

import pytest_asyncio
from throttle import Throttle


@pytest_asyncio.fixture
async def throttle():
    bucket = Throttle(3)
    assert await bucket.take()
    yield bucket
    assert bucket.permits >= 0


async def test_takes(throttle):
    assert await throttle.take(2)
    assert throttle.permits == 0


async def test_refuses(throttle):
    assert not await throttle.take(3)
    assert throttle.permits == 2


async def test_many_at_once(throttle):
    taken = await asyncio.gather(*(throttle.take() for _ in range(4)))
    assert sum(taken) == 2


def test_plain():
    assert Throttle(1).permits == 1
