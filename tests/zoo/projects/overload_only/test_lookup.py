import pytest
from lookup import first


def test_not_callable():
    with pytest.raises(NotImplementedError):
        first([1])
