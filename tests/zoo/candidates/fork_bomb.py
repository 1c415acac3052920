"""Forks up to two hundred processes that stay."""

import os
import signal

EXPECT = "crash"


def victim(n):
    for _ in range(200):
        if os.fork() == 0:
            with open(os.path.join(os.environ["TMPDIR"], "pids"), "a") as file:
                file.write(f"{os.getpid()}\n")
            signal.alarm(60)
            signal.pause()
    while True:
        os.wait()
