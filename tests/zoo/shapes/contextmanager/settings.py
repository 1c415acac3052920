"""Settings."""

from contextlib import contextmanager

VALUES = {"colour": "blue"}


@contextmanager
def override(**values):
    """Sets values for the time of a block."""
    before = dict(VALUES)
    VALUES.update(values)
    try:
        yield VALUES
    finally:
        VALUES.clear()
        VALUES.update(before)


@override(colour="green")
def painted():
    return VALUES["colour"]
