"""Grows a list for ever."""

EXPECT = "fail"


def victim(n):
    grown = []
    while True:
        grown.append(" " * 100_000 + str(len(grown)))
