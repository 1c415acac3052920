"""Ignores every signal that can be ignored, then loops for ever."""

import signal

EXPECT = "timeout"


def victim(n):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGHUP, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    while True:
        n += 1
