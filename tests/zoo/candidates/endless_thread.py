"""Leaves a thread that never ends and that nobody may leave alone."""

import threading

EXPECT = "ok"


def victim(n):
    threading.Thread(target=threading.Event().wait, daemon=False).start()
    return 2 * n
