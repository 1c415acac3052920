import hooks_first
import hooks_second
from hooks import HOOKS, add_hook


def test_order():
    assert [name for _, name in HOOKS] == ["second", "first"]


def test_names():
    assert (hooks_first.NAME, hooks_second.NAME) == ("first", "second")


def test_equal_priorities_keep_their_order():
    add_hook("third")
    assert HOOKS[-1] == (0, "third")
    HOOKS.pop()
