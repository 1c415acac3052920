from compress import pack, unpack
from hypothesis import given, settings
from hypothesis import strategies as st

offline = settings(max_examples=25, derandomize=True, database=None, deadline=None)


@offline
@given(st.lists(st.integers(0, 2), max_size=8))
def test_round_trip(numbers):
    assert unpack(pack(numbers)) == numbers


@offline
@given(st.lists(st.integers(0, 1), max_size=8))
def test_no_equal_neighbours(numbers):
    packed = pack(numbers)
    assert all(left[0] != right[0] for left, right in zip(packed, packed[1:]))


def test_example():
    assert pack([7, 7, 1]) == [(7, 2), (1, 1)]
