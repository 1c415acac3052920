"""Raises SystemExit with success."""

EXPECT = "fail"


def victim(n):
    raise SystemExit(0)
