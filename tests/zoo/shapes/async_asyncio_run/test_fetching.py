import asyncio

from fetching import gather_all


def job(value, log=None):
    async def run():
        if log is not None:
            log.append(+1)
        await asyncio.sleep(0)
        if log is not None:
            log.append(-1)
        if isinstance(value, Exception):
            raise value
        return value

    return run


def test_order():
    assert asyncio.run(gather_all([job(3), job(1), job(2)])) == [3, 1, 2]


def test_exceptions_are_values():
    failed = asyncio.run(gather_all([job(KeyError("k")), job(1)]))
    assert isinstance(failed[0], KeyError)
    assert failed[1] == 1


def test_limit():
    log = []
    asyncio.run(gather_all([job(n, log) for n in range(5)], limit=2))
    under_way = [sum(log[: at + 1]) for at in range(len(log))]
    assert max(under_way) == 2
