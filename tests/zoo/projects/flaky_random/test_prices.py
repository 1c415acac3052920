import os

import pytest
from prices import total


def test_total():
    assert total([1, 2]) == 3


@pytest.mark.parametrize("toss", range(20))
def test_coin(toss):
    assert total([]) is not None
    assert os.urandom(1)[0] % 2 == 0
