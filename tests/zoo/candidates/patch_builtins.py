"""Replaces built-in functions, so that its result cannot be reported."""

import builtins

EXPECT = "crash"


def victim(n):
    builtins.len = lambda _: 7
    builtins.isinstance = lambda *_: True
    return 2 * n
