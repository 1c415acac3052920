from journal import append

shared = []
own = []


def setup_module():
    append(shared, "opened")


def teardown_module():
    assert shared[0] == (0, "opened")


def setup_function(function):
    own.clear()
    append(own, function.__name__)


def teardown_function():
    assert own, "setup_function wrote a line"


def test_own():
    assert own == [(0, "test_own")]


def test_shared():
    assert append(shared, " more ", stamp=5) == 2
    assert shared[-1] == (5, "more")


def test_blank():
    assert append([], "  ") == 0
