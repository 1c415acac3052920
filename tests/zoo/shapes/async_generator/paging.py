"""Walks a paged listing."""


async def rows(fetch, limit=None):
    """Yields rows of fetch(page) until a page is empty, at most limit."""
    page, given = 0, 0
    while True:
        batch = await fetch(page)
        if not batch:
            return
        for row in batch:
            if limit is not None and given >= limit:
                return
            given += 1
            yield row
        page += 1
