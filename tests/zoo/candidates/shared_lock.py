"""Uses a lock between processes, which lives in shared memory."""

import multiprocessing

EXPECT = "ok"
NEEDS = "file namespace"
OTHERWISE = "fail|ok"


def victim(n):
    with multiprocessing.Lock():
        return 2 * n
