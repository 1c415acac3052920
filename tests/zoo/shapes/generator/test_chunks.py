from itertools import count

import pytest
from chunks import chunks


def test_even():
    assert list(chunks(range(4), 2)) == [[0, 1], [2, 3]]


def test_rest():
    assert list(chunks("abc", 2)) == [["a", "b"], ["c"]]


def test_lazy():
    assert next(chunks(count(), 3)) == [0, 1, 2]


def test_error_only_when_read():
    wrong = chunks([], 0)
    with pytest.raises(ValueError):
        next(wrong)
