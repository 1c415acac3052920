"""Plants a variable in the module that called it."""

import sys

EXPECT = "ok"


def victim(n):
    sys._getframe(1).f_globals["POISONED"] = True
    return 2 * n
