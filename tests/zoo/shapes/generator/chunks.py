"""Chunks of an iterable."""


def chunks(items, size):
    """Yields lists of at most size items."""
    if size < 1:
        raise ValueError("size must be positive")
    batch = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
