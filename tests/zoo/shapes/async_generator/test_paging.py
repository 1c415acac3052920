import asyncio
import inspect

from paging import rows

PAGES = [[1, 2], [3], []]


async def fetch(page):
    await asyncio.sleep(0)
    return PAGES[page]


async def collect(**options):
    return [row async for row in rows(fetch, **options)]


def test_all():
    assert asyncio.run(collect()) == [1, 2, 3]


def test_limit():
    assert asyncio.run(collect(limit=2)) == [1, 2]


def test_limit_zero():
    assert asyncio.run(collect(limit=0)) == []


def test_kind():
    assert inspect.isasyncgenfunction(rows)
