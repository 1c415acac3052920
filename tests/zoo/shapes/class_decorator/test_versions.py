from versions import Version as V


def test_less():
    assert V("1.9") < V("1.10")


def test_derived():
    assert V("2.0") >= V("1.9.9")
    assert V("1.0.1") > V("1.0")


def test_sorted():
    ordered = sorted([V("1.10"), V("1.2"), V("0.9")])
    assert [version.parts for version in ordered] == [(0, 9), (1, 2), (1, 10)]


def test_zeros():
    assert not V("1.0") < V("1")
    assert not V("1") < V("1.0")
