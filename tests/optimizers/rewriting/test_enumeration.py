"""A search space taken stretch by stretch: the same items as in one go, and none drawn before it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from secant.rewriting.enumeration import Enumeration


@given(st.lists(st.integers()), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_every_stretch_is_a_slice_of_the_source(items: list[int], asked: list[tuple[int, int]]) -> None:
    enumeration = Enumeration(iter(items))
    for start, size in asked:
        assert list(enumeration.stretch(start, size)) == items[start : start + size]


def test_nothing_is_drawn_twice_or_too_early() -> None:
    drawn: list[int] = []

    def source() -> Iterator[int]:
        for item in range(100):
            drawn.append(item)
            yield item

    enumeration = Enumeration(source())
    assert drawn == []
    assert list(enumeration.stretch(2, 3)) == [2, 3, 4]
    assert list(enumeration.stretch(0, 4)) == [0, 1, 2, 3]
    assert drawn == [0, 1, 2, 3, 4]
