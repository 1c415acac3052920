"""Leaves a daemon behind, in a session of its own and without a parent."""

import os
import signal

EXPECT = "ok"


def victim(n):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            with open(os.path.join(os.environ["TMPDIR"], "pids"), "a") as file:
                file.write(f"{os.getpid()}\n")
            signal.alarm(60)
            signal.pause()
        os._exit(0)
    os.wait()
    return 2 * n
