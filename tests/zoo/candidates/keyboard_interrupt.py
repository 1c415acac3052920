"""Raises what Ctrl-C raises."""

EXPECT = "fail"


def victim(n):
    raise KeyboardInterrupt
