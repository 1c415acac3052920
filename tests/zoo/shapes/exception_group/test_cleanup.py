import pytest
from cleanup import run_all


def test_quiet():
    assert run_all([list, dict]) == 0


def test_forgiven():
    assert run_all([lambda: {}["a"], lambda: [][0]]) == 2


def test_others():
    with pytest.raises(ExceptionGroup) as caught:
        run_all([lambda: {}["a"], lambda: int("x")])
    assert [type(error) for error in caught.value.exceptions] == [ValueError]
