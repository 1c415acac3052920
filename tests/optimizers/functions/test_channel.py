"""The result region: what a child wrote with its key arrives, and nothing else reads as a result."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.functions.worker.channel import ResultRegion

KEY = b"0123456789abcdef"
HEADER = 48


@pytest.fixture
def region() -> Iterator[ResultRegion]:
    made = ResultRegion(4096)
    yield made
    made.close()


def in_child(work: Callable[[], object]) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def test_a_result_written_in_a_child_is_read_in_its_parent(region: ResultRegion) -> None:
    in_child(lambda: region.write(b"passed", KEY))
    assert region.read(KEY) == b"passed"


def test_a_result_outlives_a_child_that_closed_every_descriptor(region: ResultRegion) -> None:
    def work() -> None:
        os.closerange(0, 256)
        region.write(b"passed", KEY)

    in_child(work)
    assert region.read(KEY) == b"passed"


def test_nothing_written_reads_as_none(region: ResultRegion) -> None:
    assert region.read(KEY) is None


def test_a_cleared_region_forgets(region: ResultRegion) -> None:
    region.write(b"passed", KEY)
    region.clear()
    assert region.read(KEY) is None


def test_the_last_result_replaces_the_first(region: ResultRegion) -> None:
    region.write(b"first, and longer", KEY)
    region.write(b"last", KEY)
    assert region.read(KEY) == b"last"


def test_an_empty_result_is_a_result(region: ResultRegion) -> None:
    region.write(b"", KEY)
    assert region.read(KEY) == b""


def test_another_key_reads_as_none(region: ResultRegion) -> None:
    region.write(b"passed", b"a key of the child before")
    assert region.read(KEY) is None


def test_a_result_too_large_is_refused_and_leaves_the_earlier_one(region: ResultRegion) -> None:
    region.write(b"small", KEY)
    with pytest.raises(ValueError, match=f"does not fit into a region of {region.capacity}"):
        region.write(bytes(region.capacity + 1), KEY)
    assert region.read(KEY) == b"small"


def test_a_result_that_fills_the_region_fits(region: ResultRegion) -> None:
    region.write(b"x" * region.capacity, KEY)
    assert region.read(KEY) == b"x" * region.capacity


@given(payload=st.binary(min_size=1, max_size=200), data=st.data())
def test_any_changed_bit_of_a_record_reads_as_none(payload: bytes, data: st.DataObject) -> None:
    region = ResultRegion(4096)
    region.write(payload, KEY)
    where = data.draw(st.integers(0, HEADER + len(payload) - 1))
    region._memory[where] ^= 1 << data.draw(st.integers(0, 7))
    assert region.read(KEY) is None
    region.close()


@given(garbage=st.binary(max_size=4096))
def test_garbage_reads_as_none(garbage: bytes) -> None:
    region = ResultRegion(4096)
    region._memory[: len(garbage)] = garbage
    assert region.read(KEY) is None
    region.close()


def test_a_length_beyond_the_region_reads_as_none(region: ResultRegion) -> None:
    region.write(b"passed", KEY)
    region._memory[8:16] = (2**63).to_bytes(8, "little")
    assert region.read(KEY) is None
