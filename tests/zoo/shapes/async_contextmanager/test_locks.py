import asyncio

import pytest
from locks import held, holding


def test_held():
    async def scenario():
        async with holding("a") as first, holding("b") as second:
            return first, second, list(held)

    assert asyncio.run(scenario()) == (1, 2, ["a", "b"])
    assert held == []


def test_error():
    log = []

    async def scenario():
        async with holding("a", log):
            raise ValueError

    with pytest.raises(ValueError):
        asyncio.run(scenario())
    assert (held, log) == ([], ["a"])
