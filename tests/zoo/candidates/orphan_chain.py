"""Flees: thirty processes one after the other, each in a session of its own, the last one stays."""

import os
import signal

EXPECT = "ok"


def victim(n):
    if os.fork():
        return 2 * n
    for _ in range(30):
        os.setsid()
        if os.fork():
            os._exit(0)
    with open(os.path.join(os.environ["TMPDIR"], "pids"), "a") as file:
        file.write(f"{os.getpid()}\n")
    signal.alarm(60)
    signal.pause()
