"""Sets the machine's clock (to the time it shows)."""

import time

EXPECT = "fail"
NEEDS = "reduced capabilities"


def victim(n):
    time.clock_settime(time.CLOCK_REALTIME, time.time())
    return 2 * n
