import asyncio

import pytest
from tracing import current, span


def test_nested():
    assert span("a", lambda: span("b")) == "root/a/b"


def test_restored():
    span("a")
    assert current.get() == "root"


def test_restored_after_an_error():
    with pytest.raises(ZeroDivisionError):
        span("a", lambda: 1 / 0)
    assert current.get() == "root"


def test_tasks_are_apart():
    async def one(name):
        await asyncio.sleep(0)
        return span(name)

    async def both():
        return await asyncio.gather(one("x"), one("y"))

    assert asyncio.run(both()) == ["root/x", "root/y"]
