import sys

import pytest
from banner import banner


def test_plain():
    assert banner("hi", 6) == "**hi**"


@pytest.mark.skip(reason="later")
def test_later():
    assert banner("hi") == "never run"


@pytest.mark.skipif(sys.version_info < (3,), reason="old")
def test_not_skipped():
    assert banner("x", 1) == "x"


@pytest.mark.skipif("sys.version_info >= (3,)", reason="new")
def test_skipped_by_string():
    assert False


def test_skips_itself():
    line = banner("a long headline")
    if line is None:
        pytest.skip("too long")
    assert len(line) == 12


def test_fails_itself():
    if banner("xx", 3) is None:
        pytest.fail("should have fitted")
