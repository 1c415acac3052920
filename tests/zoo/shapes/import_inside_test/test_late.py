import importlib

import pytest


def test_late():
    from late import is_late

    assert is_late(3, 4)


def test_due_day():
    import late

    assert not late.is_late(3, 3)


@pytest.fixture(scope="module")
def module():
    return importlib.import_module("late")


def test_grace(module):
    assert not module.is_late(3, 5, grace=2)


def test_examples(module):
    assert module.EXAMPLES == [True, False]
