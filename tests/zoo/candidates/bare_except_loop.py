"""Loops for ever and swallows every exception that could end it."""

EXPECT = "timeout"


def victim(n):
    while True:
        try:
            while True:
                n += 1
        except:
            pass
