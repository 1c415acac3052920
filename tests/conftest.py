"""What all tests share: no property is judged by how long an example takes, which other work on the machine decides.

What was collected stays until the end, so that nobody looks through it again and again for what can be thrown away.
"""

import gc
from collections.abc import Generator

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
